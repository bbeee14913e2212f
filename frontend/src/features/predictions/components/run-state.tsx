import { Button, Loader } from "@mantine/core";
import type { ReactNode } from "react";
import { messageOf } from "../../../shared/api/api-error";
import { Notice } from "../../../shared/components/notice";
import { fitsNoModel, type PredictionRun, waitSeconds } from "../api/create-prediction";
import { useElapsed } from "../hooks/use-elapsed";
import classes from "./run-state.module.css";

interface RunStateProps {
  run: PredictionRun | null;
  onRequest: () => void;
  /** Beside the button that asks for a prediction: the way to choose a model. */
  modelChoice: ReactNode;
  /** What the button is for: "Explain this image". */
  action?: string;
}

/** What stands where the explanation will be: nothing asked yet, running, waiting for a model, failed. */
export function RunState({ run, onRequest, modelChoice, action }: RunStateProps) {
  if (run?.status === "pending") {
    return <Running run={run} />;
  }
  if (run && fitsNoModel(run)) {
    return (
      <div className={classes.state}>
        <Notice tone="warning" title="No model is suggested" live actions={modelChoice}>
          {messageOf(run.error)} A model that was made for other images answers all the same: what
          it says may then mean nothing.
        </Notice>
      </div>
    );
  }
  if (run?.status === "error") {
    return (
      <div className={classes.state}>
        <Notice
          tone="error"
          title="The prediction failed"
          live
          actions={
            <>
              <Button variant="default" size="compact-xs" onClick={onRequest}>
                Try again
              </Button>
              {modelChoice}
            </>
          }
        >
          {messageOf(run.error)}
        </Notice>
      </div>
    );
  }
  return (
    <div className={classes.state}>
      <p className={classes.title}>No prediction yet</p>
      <p className={classes.text}>
        Ask the active model for a diagnosis with the concepts behind it and where in the image it
        saw them.
      </p>
      <div className={classes.actions}>
        <Button size="compact-xs" onClick={onRequest}>
          {action ?? "Explain this image"}
        </Button>
        {modelChoice}
      </div>
    </div>
  );
}

function Running({ run }: { run: PredictionRun }) {
  const elapsed = useElapsed(run.startedAt);
  const waiting = run.waitingFor;
  return (
    <div className={classes.state}>
      <div className={classes.running}>
        <Loader size={16} color="var(--accent)" aria-hidden />
        <div>
          <p className={classes.title} role="status">
            {waiting ? messageOf(waiting) : "The model is looking at the image"}
          </p>
          <p className={classes.text}>
            {elapsed.toFixed(1)} s
            {waiting && ` · asked again every ${waitSeconds(waiting)} s, nothing for you to do`}
          </p>
        </div>
      </div>
    </div>
  );
}
