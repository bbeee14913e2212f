import { useCallback, useEffect, useRef, useState } from "react";
import { useAccount } from "../../../shared/account/account-context";
import { useUnsavedWork } from "../../../shared/account/unsaved-work";
import { ApiError, messageOf } from "../../../shared/api/api-error";
import type { Case } from "../../../shared/api/types";
import { useUpdateCase } from "../api/update-case";
import { dropDraft, keepDraft, readDraft } from "../lib/notes-store";

export type NotesState =
  | { kind: "saved" }
  | { kind: "typing" }
  | { kind: "saving" }
  /** `retrying` is false where sending the same again cannot help. */
  | { kind: "unsaved"; problem: string; retrying: boolean };

const QUIET_MILLISECONDS = 800;
const RETRY_MILLISECONDS = 4_000;

/**
 * Notes that save themselves a moment after the last key. What the server has not confirmed stays in the
 * browser's storage, is sent again until it is, and is picked up when the case is opened again.
 */
export function useNotes(entry: Case) {
  const { id: accountId } = useAccount();
  const [draft, setDraft] = useState(() => readDraft(accountId, entry.id));
  const [state, setState] = useState<NotesState>({ kind: draft === null ? "saved" : "typing" });
  const { mutateAsync } = useUpdateCase(entry.id);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  /** What still has to reach the server; null when nothing has. */
  const latest = useRef<string | null>(draft);
  const sending = useRef(false);
  const mounted = useRef(true);
  useUnsavedWork(
    state.kind === "saved"
      ? null
      : "Notes are not saved yet. They stay on this computer, for you only, until you open the case again.",
  );

  const save = useCallback(async (): Promise<void> => {
    clearTimeout(timer.current);
    const notes = latest.current;
    // One request at a time: two could arrive in the wrong order.
    if (notes === null || sending.current) {
      return;
    }
    sending.current = true;
    setState({ kind: "saving" });
    let saved = false;
    try {
      await mutateAsync({ notes });
      saved = true;
      dropDraft(accountId, entry.id, notes);
    } catch (error) {
      const retrying = !(error instanceof ApiError) || error.status === 0 || error.status >= 500;
      setState({ kind: "unsaved", problem: messageOf(error), retrying });
      // Not after leaving: an old text must never follow a newer one. The kept draft is sent at the next visit.
      if (retrying && mounted.current) {
        timer.current = setTimeout(() => void save(), RETRY_MILLISECONDS);
      }
    } finally {
      sending.current = false;
    }
    if (saved && latest.current === notes) {
      latest.current = null;
      setDraft(null);
      setState({ kind: "saved" });
    } else if (saved) {
      // Something was typed meanwhile.
      await save();
    }
  }, [accountId, entry.id, mutateAsync]);

  const change = useCallback(
    (notes: string) => {
      latest.current = notes;
      setDraft(notes);
      keepDraft(accountId, entry.id, notes);
      setState({ kind: "typing" });
      clearTimeout(timer.current);
      timer.current = setTimeout(() => void save(), QUIET_MILLISECONDS);
    },
    [accountId, entry.id, save],
  );

  useEffect(() => {
    mounted.current = true;
    // A draft from an earlier visit goes to the server now; leaving the page sends what is left at once.
    void save();
    return () => {
      mounted.current = false;
      void save();
    };
  }, [save]);

  return { notes: draft ?? entry.notes, state, change, saveNow: save };
}
