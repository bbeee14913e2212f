import type { ReactNode } from "react";
import type { Prediction } from "../../../shared/api/types";
import { Notice } from "../../../shared/components/notice";
import classes from "./model-choice-note.module.css";

interface HeaderNoteProps {
  prediction: Prediction;
  /** The way to choose another model. */
  modelChoice: ReactNode;
}

/** Says so where the header of the image names something else than what the model is for; nothing otherwise. */
export function HeaderNote({ prediction, modelChoice }: HeaderNoteProps) {
  return (
    prediction.header_note && (
      <div className={classes.note}>
        <Notice tone="warning" title="The image's header says otherwise" actions={modelChoice}>
          {prediction.header_note}
        </Notice>
      </div>
    )
  );
}
