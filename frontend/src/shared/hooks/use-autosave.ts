import { useCallback, useEffect, useRef, useState } from "react";
import { useUnsavedWork } from "../account/unsaved-work";
import { ApiError, messageOf } from "../api/api-error";
import { dropDraft, keepDraft, readDraft } from "../lib/draft-store";

export type AutosaveState =
  | { kind: "saved" }
  | { kind: "changed" }
  | { kind: "saving" }
  /** `retrying` is false where sending the same again cannot help. */
  | { kind: "unsaved"; problem: string; retrying: boolean };

interface AutosaveSettings {
  /** Where the draft is kept; holds the account and what it belongs to. */
  draftKey: string;
  /** Brings a draft to the server. Must not change from one rendering to the next. */
  send: (draft: string) => Promise<unknown>;
  /** What is said on signing out while something is not saved. */
  unsavedWork: string;
}

const QUIET_MILLISECONDS = 800;
const RETRY_MILLISECONDS = 4_000;

/**
 * What saves itself a moment after the last change. What the server has not confirmed stays in the browser's
 * storage, is sent again until it is, and is picked up when the same place is opened again.
 */
export function useAutosave({ draftKey, send, unsavedWork }: AutosaveSettings) {
  const [draft, setDraft] = useState(() => readDraft(draftKey));
  const [state, setState] = useState<AutosaveState>({
    kind: draft === null ? "saved" : "changed",
  });
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  /** What still has to reach the server; null when nothing has. */
  const latest = useRef<string | null>(draft);
  const sending = useRef(false);
  const mounted = useRef(true);
  useUnsavedWork(state.kind === "saved" ? null : unsavedWork);

  const save = useCallback(async (): Promise<void> => {
    clearTimeout(timer.current);
    const sent = latest.current;
    // One request at a time: two could arrive in the wrong order.
    if (sent === null || sending.current) {
      return;
    }
    sending.current = true;
    setState({ kind: "saving" });
    let saved = false;
    try {
      await send(sent);
      saved = true;
      dropDraft(draftKey, sent);
    } catch (error) {
      const retrying = !(error instanceof ApiError) || error.status === 0 || error.status >= 500;
      setState({ kind: "unsaved", problem: messageOf(error), retrying });
      // Not after leaving: an old draft must never follow a newer one. It is sent at the next visit.
      if (retrying && mounted.current) {
        timer.current = setTimeout(() => void save(), RETRY_MILLISECONDS);
      }
    } finally {
      sending.current = false;
    }
    if (saved && latest.current === sent) {
      latest.current = null;
      setDraft(null);
      setState({ kind: "saved" });
    } else if (saved) {
      // Something was changed meanwhile.
      await save();
    }
  }, [draftKey, send]);

  const change = useCallback(
    (next: string) => {
      latest.current = next;
      setDraft(next);
      keepDraft(draftKey, next);
      setState({ kind: "changed" });
      clearTimeout(timer.current);
      timer.current = setTimeout(() => void save(), QUIET_MILLISECONDS);
    },
    [draftKey, save],
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

  return { draft, state, change, saveNow: save };
}
