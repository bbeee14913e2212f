import { useCallback } from "react";
import { useAccount } from "../../../shared/account/account-context";
import type { Case } from "../../../shared/api/types";
import { useAutosave } from "../../../shared/hooks/use-autosave";
import { useUpdateCase } from "../api/update-case";

/** Notes that save themselves a moment after the last key. */
export function useNotes(entry: Case) {
  const { id: accountId } = useAccount();
  const { mutateAsync } = useUpdateCase(entry.id);
  const send = useCallback((notes: string) => mutateAsync({ notes }), [mutateAsync]);
  const { draft, ...saving } = useAutosave({
    draftKey: `vitrine.notes.${accountId}.${entry.id}`,
    send,
    unsavedWork:
      "Notes are not saved yet. They stay on this computer, for you only, until you open the case again.",
  });
  return { notes: draft ?? entry.notes, ...saving };
}
