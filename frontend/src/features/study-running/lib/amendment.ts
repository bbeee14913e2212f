/** The form of an amendment, and what of it is sent. */

import type { StudyAmendment, StudyDesign } from "../../../shared/api/types";
import { GRRAS_FIELDS } from "./protocol-words";

export interface AmendmentForm {
  title: string;
  instructions: string;
  /** By the task's key. */
  tasks: Readonly<Record<string, string>>;
  /** By the field's name. */
  grras: Readonly<Record<string, string>>;
  washoutDays: number;
  amendAnswers: boolean;
  liveResults: NonNullable<StudyAmendment["live_results"]>;
}

/** As the protocol says now. */
export function formOf({ title, instructions, tasks, ...design }: StudyDesign): AmendmentForm {
  return {
    title,
    instructions,
    tasks: Object.fromEntries(tasks.map((task) => [task.key, task.instructions])),
    grras: Object.fromEntries(GRRAS_FIELDS.map(({ key }) => [key, design.grras[key]])),
    washoutDays: design.order.washout_days,
    amendAnswers: design.reading.amend_answers,
    liveResults: design.access.live_results,
  };
}

type Changes = Omit<StudyAmendment, "reason">;

/** Only what is different; the server leaves the rest as it is. Null: nothing is. */
export function changesOf(before: AmendmentForm, after: AmendmentForm): Changes | null {
  const changes: Changes = {
    task_instructions: different(before.tasks, after.tasks),
    grras: different(before.grras, after.grras),
    ...(after.title.trim() !== before.title && { title: after.title.trim() }),
    ...(after.instructions !== before.instructions && { instructions: after.instructions }),
    ...(after.washoutDays !== before.washoutDays && { washout_days: after.washoutDays }),
    ...(after.amendAnswers !== before.amendAnswers && { amend_answers: after.amendAnswers }),
    ...(after.liveResults !== before.liveResults && { live_results: after.liveResults }),
  };
  const { task_instructions, grras, ...single } = changes;
  const all = [task_instructions, grras, single].flatMap((each) => Object.keys(each));
  return all.length === 0 ? null : changes;
}

function different(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(Object.entries(after).filter(([key, text]) => text !== before[key]));
}
