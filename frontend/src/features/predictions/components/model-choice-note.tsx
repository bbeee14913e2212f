import type { ReactNode } from "react";
import type { Prediction } from "../../../shared/api/types";
import { Notice } from "../../../shared/components/notice";
import classes from "./model-choice-note.module.css";

interface ModelChoiceNoteProps {
  prediction: Prediction;
  /** What the model is for, such as "Breast ultrasound"; null while it is not known. */
  purpose: string | null;
  /** The way to choose another model. */
  modelChoice: ReactNode;
}

/** Says so where the server only guessed from the look of the image which model fits; nothing otherwise. */
export function ModelChoiceNote({ prediction, purpose, modelChoice }: ModelChoiceNoteProps) {
  if (prediction.model_choice !== "image") {
    return null;
  }
  return (
    <div className={classes.note}>
      <Notice
        tone="info"
        title={`Taken for: ${purpose ?? prediction.model.name}`}
        actions={modelChoice}
      >
        Nothing says what this image is, so Vitrine went by its colours: grey for ultrasound,
        coloured for skin. If that is wrong, everything below means nothing: choose the right model.
        The choice is kept with the case.
      </Notice>
    </div>
  );
}
