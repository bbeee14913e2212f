import { useCallback } from "react";
import { useAccount } from "../../../shared/account/account-context";
import type { Label, LabelUpdate, Prediction } from "../../../shared/api/types";
import { useAutosave } from "../../../shared/hooks/use-autosave";
import { usePutLabel } from "../api/put-label";
import { NOTHING_MARKED, parseMarks } from "../lib/marks";

/** One's own label of a prediction, which saves itself a moment after each mark. */
export function useMarks(prediction: Prediction, stored: Label | null, place: string) {
  const { id: accountId } = useAccount();
  const { mutateAsync } = usePutLabel(prediction);
  const send = useCallback(
    async (draft: string) => {
      const marks = parseMarks(draft);
      // What is no label cannot be shown either: it is dropped.
      return marks && (await mutateAsync(marks));
    },
    [mutateAsync],
  );
  const { draft, change, ...saving } = useAutosave({
    draftKey: `vitrine.label.${accountId}.${place}`,
    send,
    unsavedWork:
      "What you marked in an image is not saved yet. It stays on this computer, for you only, until you open the case again.",
  });
  const kept = stored && { class_key: stored.class_key, options: stored.options };
  const marks: LabelUpdate = (draft !== null && parseMarks(draft)) || kept || NOTHING_MARKED;
  return {
    marks,
    change: useCallback((next: LabelUpdate) => change(JSON.stringify(next)), [change]),
    ...saving,
  };
}
