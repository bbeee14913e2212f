import { IconAlertTriangle } from "@tabler/icons-react";
import type { Familiarity } from "../../../shared/api/types";
import { Notice } from "../../../shared/components/notice";
import { familiarityWords } from "../lib/familiarity";
import classes from "./familiarity-note.module.css";

const WHAT_IT_IS =
  "How far the image lies from the codebook, as a percentile of the validation images' distances. A small figure does not prove that the image is of the kind the model was trained on: the model card says which foreign images this finds.";

/** One line for every prediction. */
export function FamiliarityLine({ familiarity }: { familiarity: Familiarity }) {
  const { unfamiliar, text } = familiarityWords(familiarity);
  return (
    <span className={classes.line} data-unfamiliar={unfamiliar} title={WHAT_IT_IS}>
      {unfamiliar && <IconAlertTriangle size={14} aria-hidden />}
      {text}
    </span>
  );
}

/** What an unusual image means for everything else on the page; nothing for a usual one. */
export function FamiliarityWarning({ familiarity }: { familiarity: Familiarity }) {
  const { unfamiliar, text } = familiarityWords(familiarity);
  return unfamiliar ? (
    <div className={classes.warning}>
      <Notice tone="warning" title={text}>
        The model has hardly seen anything like this image. Its probabilities, concepts and maps may
        mean nothing here.
      </Notice>
    </div>
  ) : null;
}
