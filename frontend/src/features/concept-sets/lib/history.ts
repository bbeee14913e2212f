/** A draft with undo and redo. Typing in one field is one step. */

import type { ConceptSetContent } from "../../../shared/api/types";

const LONGEST = 200;

export interface History {
  past: readonly ConceptSetContent[];
  present: ConceptSetContent;
  future: readonly ConceptSetContent[];
  /** What made `present`, such as the field that is typed in; changes with the same one replace it. */
  gesture: string | null;
}

export function begin(present: ConceptSetContent): History {
  return { past: [], present, future: [], gesture: null };
}

/** Whether two say the same. */
export function same(one: ConceptSetContent, other: ConceptSetContent): boolean {
  return one === other || canonical(one) === canonical(other);
}

export function push(
  history: History,
  next: ConceptSetContent,
  gesture: string | null = null,
): History {
  const { past, present } = history;
  if (next === present || same(next, present)) {
    return history;
  }
  if (gesture !== null && gesture === history.gesture) {
    return { ...history, present: next, future: [] };
  }
  return { past: [...past, present].slice(-LONGEST), present: next, future: [], gesture };
}

export function undo(history: History): History {
  const before = history.past.at(-1);
  return before
    ? {
        past: history.past.slice(0, -1),
        present: before,
        future: [history.present, ...history.future],
        gesture: null,
      }
    : history;
}

export function redo(history: History): History {
  const [next, ...rest] = history.future;
  return next
    ? { past: [...history.past, history.present], present: next, future: rest, gesture: null }
    : history;
}

/** The order of a record's keys says nothing, that of a list does; an empty row is one. */
function canonical(content: ConceptSetContent): string {
  return JSON.stringify(content, (_key, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}
