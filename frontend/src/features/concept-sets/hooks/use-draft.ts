import { useCallback, useEffect, useState } from "react";
import { useUnsavedWork } from "../../../shared/account/unsaved-work";
import type { ConceptSetContent, Revision } from "../../../shared/api/types";
import { begin, type History, push, redo, same, undo } from "../lib/history";
import { dropStored, keepStored, readStored } from "../lib/stored-draft";

interface DraftState {
  /** The revision that the draft goes on from. */
  baseId: string;
  /** Null: of an earlier visit, and not the newest one. */
  baseNumber: number | null;
  /** What it says; null while that is not known, for a draft of an earlier visit whose revision is not the newest. */
  base: ConceptSetContent | null;
  history: History;
  /** It was found on this computer. */
  found: boolean;
}

export interface Draft {
  baseId: string;
  content: ConceptSetContent;
  /** Something differs from the revision. */
  changed: boolean;
  /** Somebody saved since the draft was begun. */
  outdated: boolean;
  found: boolean;
  canUndo: boolean;
  canRedo: boolean;
  /** Changes with the same gesture, such as typing in one field, are one step of undo. */
  edit: (change: (content: ConceptSetContent) => ConceptSetContent, gesture?: string) => void;
  undo: () => void;
  redo: () => void;
  /** Back to the newest revision. */
  discard: () => void;
  /** Goes on from another revision, with what is to be the draft then. */
  takeOnto: (revision: Revision, content: ConceptSetContent) => void;
}

/** A draft of a concept set: with undo, and kept on this computer until it is saved. */
export function useDraft(storageKey: string, newest: Revision): Draft {
  const [state, setState] = useState(() => first(storageKey, newest));
  const { baseId, baseNumber, base, history } = state;
  const changed = base === null || !same(base, history.present);
  // After saving here, the newest one that the page knows is an older one for a moment.
  const behind = baseId !== newest.id && (baseNumber ?? 0) < newest.number;
  // Somebody saved, and there is nothing here that could get lost.
  if (!changed && behind) {
    setState(onto(state, newest, newest.content));
  }
  useUnsavedWork(
    changed
      ? `The draft of the concept set “${newest.content.title}” is not saved. It stays on this computer.`
      : null,
  );
  useEffect(() => {
    if (changed) {
      keepStored(storageKey, { base: baseId, content: history.present });
    } else {
      dropStored(storageKey);
    }
  }, [storageKey, changed, baseId, history.present]);
  const step = useCallback(
    (next: (history: History) => History) =>
      setState((before) => ({ ...before, history: next(before.history) })),
    [],
  );
  return {
    baseId,
    content: history.present,
    changed,
    outdated: changed && behind,
    found: state.found,
    canUndo: history.past.length > 0,
    canRedo: history.future.length > 0,
    edit: useCallback<Draft["edit"]>(
      (change, gesture) => step((before) => push(before, change(before.present), gesture ?? null)),
      [step],
    ),
    undo: useCallback(() => step(undo), [step]),
    redo: useCallback(() => step(redo), [step]),
    discard: useCallback(
      () => setState((before) => onto(before, newest, newest.content)),
      [newest],
    ),
    takeOnto: useCallback<Draft["takeOnto"]>(
      (revision, content) => setState((before) => onto(before, revision, content)),
      [],
    ),
  };
}

function first(storageKey: string, newest: Revision): DraftState {
  const stored = readStored(storageKey);
  if (!stored) {
    return {
      baseId: newest.id,
      baseNumber: newest.number,
      base: newest.content,
      history: begin(newest.content),
      found: false,
    };
  }
  const known = stored.base === newest.id;
  return {
    baseId: stored.base,
    baseNumber: known ? newest.number : null,
    base: known ? newest.content : null,
    history: known ? push(begin(newest.content), stored.content) : begin(stored.content),
    found: true,
  };
}

/** What was undone before another revision would take its changes back unseen, so undo begins anew with it. */
function onto(state: DraftState, revision: Revision, content: ConceptSetContent): DraftState {
  const goesOn = state.baseId === revision.id || same(state.history.present, content);
  return {
    baseId: revision.id,
    baseNumber: revision.number,
    base: revision.content,
    history: goesOn ? push(state.history, content) : begin(content),
    found: false,
  };
}
