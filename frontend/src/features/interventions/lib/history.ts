/** Edits with undo and redo. A gesture (the drag of a slider, a key held down) is one step. */

import { type Edits, NO_EDITS, sameEdits } from "./edits";

const LONGEST = 200;

export interface History {
  past: readonly Edits[];
  present: Edits;
  future: readonly Edits[];
  /** The gesture that made `present`; changes with the same one replace it. */
  gesture: string | null;
}

export const EMPTY_HISTORY: History = { past: [], present: NO_EDITS, future: [], gesture: null };

/** Goes on from `present`. Nothing happens if it is the same. */
export function push(history: History, next: Edits, gesture: string | null = null): History {
  const { past, present } = history;
  if (next === present || sameEdits(next, present)) {
    return history;
  }
  if (gesture !== null && gesture === history.gesture) {
    const before = past.at(-1);
    // Dragged back to where it began: as if nothing had happened.
    return before && sameEdits(before, next)
      ? { past: past.slice(0, -1), present: before, future: [], gesture: null }
      : { ...history, present: next, future: [] };
  }
  return { past: [...past, present].slice(-LONGEST), present: next, future: [], gesture };
}

export function undo(history: History): History {
  const { past, present, future } = history;
  const before = past.at(-1);
  return before
    ? { past: past.slice(0, -1), present: before, future: [present, ...future], gesture: null }
    : history;
}

export function redo(history: History): History {
  const { past, present, future } = history;
  const [next, ...rest] = future;
  return next ? { past: [...past, present], present: next, future: rest, gesture: null } : history;
}
