/** What a person says about an image: the true option of each group, and the true class. */

import type { GroupPrediction, Label, LabelUpdate, Prediction } from "../../../shared/api/types";
import { presentOption } from "../../../shared/lib/present-option";

/** Id of an option or key of a class; null: absent; undefined: not marked. */
export type Mark = string | null | undefined;

export interface Choice {
  mark: Mark;
  text: string;
}

export type Verdict = "agrees" | "differs" | "unmarked";

export const NOTHING_MARKED: LabelUpdate = { class_key: null, options: {} };

const NOT_MARKED: Choice = { mark: undefined, text: "not marked" };

/** A group with one option is about whether that is there; of the others one option is the true one. */
export function groupChoices({ options }: GroupPrediction): Choice[] {
  const [only, ...others] = options;
  if (only && others.length === 0) {
    return [
      { mark: only.id, text: `present: ${only.text}` },
      { mark: null, text: "absent" },
      NOT_MARKED,
    ];
  }
  return [...options.map(({ id, text }) => ({ mark: id, text })), NOT_MARKED];
}

export function classChoices({ classes }: Prediction): Choice[] {
  return [...classes.map(({ key, name }) => ({ mark: key, text: name })), NOT_MARKED];
}

/** The same in the model's words, to compare with. */
export function modelMark(group: GroupPrediction): Mark {
  return presentOption(group)?.id ?? null;
}

export function textOf(choices: readonly Choice[], mark: Mark): string {
  return choices.find((choice) => choice.mark === mark)?.text ?? String(mark);
}

export function verdictOn(person: Mark, model: Mark): Verdict {
  if (person === undefined) {
    return "unmarked";
  }
  return person === model ? "agrees" : "differs";
}

export function withOption(marks: LabelUpdate, groupKey: string, mark: Mark): LabelUpdate {
  const { [groupKey]: _, ...others } = marks.options;
  return { ...marks, options: mark === undefined ? others : { ...others, [groupKey]: mark } };
}

export function classMark({ class_key }: LabelUpdate): Mark {
  return class_key ?? undefined;
}

export function withClass(marks: LabelUpdate, mark: Mark): LabelUpdate {
  return { ...marks, class_key: mark ?? null };
}

export interface Tally {
  groups: number;
  marked: number;
  agreed: number;
}

/** Of the groups; the class stands for itself. */
export function tally(prediction: Prediction, marks: LabelUpdate): Tally {
  const verdicts = prediction.groups.map((group) =>
    verdictOn(marks.options[group.key], modelMark(group)),
  );
  return {
    groups: verdicts.length,
    marked: verdicts.filter((verdict) => verdict !== "unmarked").length,
    agreed: verdicts.filter((verdict) => verdict === "agrees").length,
  };
}

/** A draft from this computer's storage; null where it is not one. */
export function parseMarks(draft: string): LabelUpdate | null {
  try {
    const { class_key, options } = JSON.parse(draft);
    return typeof options === "object" && options !== null
      ? { class_key: typeof class_key === "string" ? class_key : null, options }
      : null;
  } catch {
    return null;
  }
}

/**
 * The labels that are about the same concept set as the prediction: by its digest, or, where the model is not
 * known any more, by the prediction they were made on.
 */
export function labelsFor(
  prediction: Prediction,
  labels: readonly Label[],
  digest: string | null,
): Label[] {
  return labels.filter((label) =>
    digest === null ? label.prediction_id === prediction.id : label.concept_set.digest === digest,
  );
}
