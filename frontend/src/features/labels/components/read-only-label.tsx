import type { Label, Prediction } from "../../../shared/api/types";
import classes from "./label-panel.module.css";
import { LabelTable } from "./label-table";

interface ReadOnlyLabelProps {
  prediction: Prediction;
  label: Label | null;
}

/** For whom may not mark anything. */
export function ReadOnlyLabel({ prediction, label }: ReadOnlyLabelProps) {
  return (
    <>
      <div className={classes.head}>
        <h2 className={classes.title}>What you see</h2>
      </div>
      <p className={classes.hint}>
        Marking what is true in an image is not included in your role here.{" "}
        {label ? "This is what you marked earlier." : "You have marked nothing in this image."}
      </p>
      {label && <LabelTable caption="What you marked" prediction={prediction} labels={[label]} />}
    </>
  );
}
