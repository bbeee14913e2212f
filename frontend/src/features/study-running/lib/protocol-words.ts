/** Fields of a protocol in words. */

import type { StudyAmendment, StudyDesign } from "../../../shared/api/types";

/** What the guidelines for reporting reliability and agreement ask for, in their order. */
export const GRRAS_FIELDS: readonly { key: keyof StudyDesign["grras"]; name: string }[] = [
  { key: "subject_population", name: "Whose images these are" },
  { key: "rater_population", name: "Who reads, and of whom they are a sample" },
  { key: "prior_evidence", name: "What is known of reliability and agreement" },
  { key: "sample_size", name: "Why so many items and readers" },
  { key: "subject_sampling", name: "How images were chosen" },
  { key: "rater_sampling", name: "How readers were chosen" },
  { key: "repeat_interval", name: "Time between repeated ratings" },
  { key: "clinical_information", name: "What is told beside the image" },
  { key: "blinding", name: "Who does not know what" },
  { key: "independence", name: "How ratings were made independently" },
  { key: "analysis", name: "Statistics beyond those reported" },
];

type LiveResults = NonNullable<StudyAmendment["live_results"]>;

export const LIVE_RESULTS: readonly { value: LiveResults; label: string }[] = [
  { value: "nobody", label: "Nobody, until the study is closed" },
  { value: "coordinators", label: "Owner and coordinators, at any time" },
  { value: "members", label: "All members, at any time" },
];

const FIELDS: Readonly<Record<string, string>> = {
  title: "Title",
  question: "Question",
  instructions: "Instructions",
  washout_days: "Washout, days",
  amend_answers: "Readers may correct locked answers",
  live_results: "Who sees results before closing",
};

/** "tasks.0.instructions" → "Instructions of “Localization”". What is not known is shown as it is. */
export function fieldWords(field: string, design: Pick<StudyDesign, "tasks">): string {
  const parts = field.split(".");
  const last = parts.at(-1) ?? field;
  const grras = GRRAS_FIELDS.find(({ key }) => key === last);
  if (parts[0] === "grras" && grras) {
    return `GRRAS: ${grras.name}`;
  }
  if (parts[0] === "task_instructions" || parts[0] === "tasks") {
    const place = parts[1] ?? "";
    const task = design.tasks.find(({ key }) => key === place) ?? design.tasks[Number(place)];
    return `Instructions of “${task?.title ?? place}”`;
  }
  return FIELDS[last] ?? field;
}

/** A value of a field, before or after. */
export function valueWords(value: unknown): string {
  if (value === null || value === undefined || value === "") {
    return "(empty)";
  }
  if (typeof value === "boolean") {
    return value ? "yes" : "no";
  }
  if (typeof value === "string") {
    return LIVE_RESULTS.find((each) => each.value === value)?.label ?? value;
  }
  return typeof value === "number" ? String(value) : JSON.stringify(value);
}
