import type { Familiarity } from "../../../shared/api/types";
import { Notice } from "../../../shared/components/notice";
import { familiarityWords } from "../lib/familiarity";
import classes from "./familiarity-note.module.css";

/** One quiet line for a usual image, a warning for an unusual one. */
export function FamiliarityNote({ familiarity }: { familiarity: Familiarity }) {
  const { unfamiliar, text } = familiarityWords(familiarity);
  if (!unfamiliar) {
    return (
      <p
        className={classes.line}
        title="How far the image lies from the training images, among the distances of the validation images."
      >
        {text}
      </p>
    );
  }
  return (
    <div className={classes.warning}>
      <Notice tone="warning" title={text}>
        The model has hardly seen anything like this image. Its probabilities, concepts and maps may mean
        nothing here.
      </Notice>
    </div>
  );
}
