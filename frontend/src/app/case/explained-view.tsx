import { Button } from "@mantine/core";
import type { KeptValues } from "../../features/viewer/hooks/use-kept-values";
import { useValueState } from "../../features/viewer/hooks/use-shown-values";
import { renderingWords } from "../../features/viewer/lib/value-words";
import type { Prediction } from "../../shared/api/types";
import { Notice } from "../../shared/components/notice";
import classes from "./explained-view.module.css";

interface ExplainedViewProps {
  values: KeptValues;
  prediction: Prediction;
  /** While a prediction runs. */
  busy: boolean;
  onRequest: () => void;
}

/** What the model saw of the values, and the ways from there to what is on screen and back. */
export function ExplainedView({ values, prediction, busy, onRequest }: ExplainedViewProps) {
  const { view } = values;
  const { display, frames, standard } = view;
  const saw = prediction.rendering ?? standard;
  const same = useValueState(view, (_, { shows }) => shows(saw), true);
  const onItsFrame = useValueState(view, ({ rendering }) => rendering.frame === saw.frame, true);
  const words = renderingWords(saw, display, frames);
  if (same) {
    return <p className={classes.line}>The model saw this view: {words}.</p>;
  }
  return (
    <div className={classes.note}>
      <Notice
        tone="info"
        title="The model saw another view"
        actions={
          <>
            <Button variant="default" size="compact-xs" onClick={() => view.restore()}>
              Show what the model saw
            </Button>
            <Button variant="default" size="compact-xs" loading={busy} onClick={onRequest}>
              Explain this view
            </Button>
          </>
        }
      >
        It saw {words}.
        {!onItsFrame && " Its maps belong to that frame and are not drawn over another one."}
      </Notice>
    </div>
  );
}
