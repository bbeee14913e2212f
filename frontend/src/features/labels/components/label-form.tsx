import { Switch } from "@mantine/core";
import { useState } from "react";
import type { Label, Prediction } from "../../../shared/api/types";
import { SaveState } from "../../../shared/components/save-state";
import { useMarks } from "../hooks/use-marks";
import {
  classChoices,
  classMark,
  groupChoices,
  modelMark,
  type Tally,
  tally,
  withClass,
  withOption,
} from "../lib/marks";
import classes from "./label-panel.module.css";
import { MarkField } from "./mark-field";

interface LabelFormProps {
  prediction: Prediction;
  /** What the server has. */
  stored: Label | null;
  /** What the label belongs to: a case and a concept set. */
  place: string;
}

/** Marks the true option of each group and the true class. Give it `place` as key. */
export function LabelForm({ prediction, stored, place }: LabelFormProps) {
  const { marks, change, state, saveNow } = useMarks(prediction, stored, place);
  const [revealed, setRevealed] = useState(false);
  const nothing = stored === null && state.kind === "saved";
  return (
    <>
      <div className={classes.head}>
        <h2 className={classes.title}>What you see</h2>
        <Switch
          size="xs"
          label="Show the model's answers"
          checked={revealed}
          onChange={(event) => setRevealed(event.currentTarget.checked)}
        />
      </div>
      <p className={classes.hint}>
        Mark what is true in the image, and leave unmarked what you cannot tell. The model's answer
        to a group is shown here once you have marked it. The rest of the page shows it anyway: to
        judge on your own, mark first.
      </p>
      {prediction.groups.map((group) => (
        <MarkField
          key={group.key}
          name={group.name}
          choices={groupChoices(group)}
          mark={marks.options[group.key]}
          model={modelMark(group)}
          revealed={revealed}
          onMark={(mark) => change(withOption(marks, group.key, mark))}
        />
      ))}
      <MarkField
        name="Class"
        choices={classChoices(prediction)}
        mark={classMark(marks)}
        model={prediction.predicted_class}
        revealed={revealed}
        onMark={(mark) => change(withClass(marks, mark))}
      />
      <div className={classes.foot} data-sticky>
        <p className={classes.tally}>{tallyWords(tally(prediction, marks))}</p>
        {nothing ? (
          <p className={classes.tally}>Saved as you mark.</p>
        ) : (
          <SaveState state={state} onSave={() => void saveNow()} />
        )}
      </div>
    </>
  );
}

function tallyWords({ groups, marked, agreed }: Tally): string {
  const all = `${marked} of ${groups} groups marked`;
  return marked === 0 ? `${all}.` : `${all}; the model agrees in ${agreed}.`;
}
