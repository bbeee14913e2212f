import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useRef, useState } from "react";
import { useAccount } from "../../../shared/account/account-context";
import { ApiError } from "../../../shared/api/api-error";
import { queryKeys } from "../../../shared/api/query-keys";
import type { StudyDesign, StudyRead } from "../../../shared/api/types";
import { type AutosaveState, useAutosave } from "../../../shared/hooks/use-autosave";
import { studyOptions } from "../api/get-study";
import { updateStudy } from "../api/update-study";
import { type Merged, merge } from "../lib/merge";
import { missingArms, missingNames } from "../lib/problems";
import { designKey, parseStored, readStored, type StoredDesign } from "../lib/stored-design";

export interface DesignDraft {
  design: StudyDesign;
  state: AutosaveState;
  /** Somebody else saved since: what they changed and what I changed. */
  conflict: Merged | null;
  edit: (change: (design: StudyDesign) => StudyDesign) => void;
  saveNow: () => Promise<void>;
  /** Mine where I changed something, theirs everywhere else. */
  keepMine: () => void;
  takeTheirs: () => void;
}

/** The draft of a study: saves itself a moment after each change, to the revision that it was made to. */
export function useDesignDraft(study: StudyRead): DesignDraft {
  const account = useAccount();
  const queryClient = useQueryClient();
  const draftKey = designKey(account.id, study.id);
  const [begun] = useState<StoredDesign>(
    () =>
      readStored(draftKey) ?? {
        revision: study.revision,
        base: study.design,
        design: study.design,
      },
  );
  const [design, setDesign] = useState(begun.design);
  const [theirs, setTheirs] = useState<StudyRead | null>(null);
  /** What the server has, as far as this page knows. */
  const known = useRef({ revision: begun.revision, design: begun.base });
  const latest = useRef(begun.design);

  const send = useCallback(
    async (text: string) => {
      const stored = parseStored(text);
      if (!stored) {
        return;
      }
      refuseIncomplete(stored.design);
      const { revision } = known.current;
      try {
        const body = { design: stored.design, revision };
        const saved = await updateStudy(study.id, body);
        known.current = { revision: saved.revision, design: saved.design };
        queryClient.setQueryData(queryKeys.readerStudy(study.id), saved);
      } catch (error) {
        if (error instanceof ApiError && error.status === 409) {
          const query = { ...studyOptions(study.id), staleTime: 0 };
          const newest = await queryClient.fetchQuery(query);
          setTheirs(error.code === "study_changed" ? newest : null);
        }
        throw error;
      }
    },
    [queryClient, study.id],
  );
  const unsavedWork = `The draft of the study “${study.title}” is not saved. It stays on this computer.`;
  const { draft, state, change, saveNow } = useAutosave({ draftKey, send, unsavedWork });

  const put = useCallback(
    (next: StudyDesign) => {
      latest.current = next;
      setDesign(next);
      const { revision, design: base } = known.current;
      change(JSON.stringify({ revision, base, design: next } satisfies StoredDesign));
    },
    [change],
  );
  // Saved elsewhere, and there is nothing here that could get lost.
  if (draft === null && state.kind === "saved" && study.revision > known.current.revision) {
    known.current = { revision: study.revision, design: study.design };
    latest.current = study.design;
    setDesign(study.design);
  }
  const settle = (choose: (newest: StudyRead) => StudyDesign) => {
    if (theirs) {
      const next = choose(theirs);
      known.current = { revision: theirs.revision, design: theirs.design };
      setTheirs(null);
      put(next);
      void saveNow();
    }
  };
  const combine = (newest: StudyRead) => merge(known.current.design, design, newest.design);
  return {
    design,
    state,
    conflict: theirs && combine(theirs),
    edit: useCallback((edit) => put(edit(latest.current)), [put]),
    saveNow,
    keepMine: () => settle((newest) => combine(newest).design),
    takeTheirs: () => settle((newest) => newest.design),
  };
}

/** The server would refuse it in words about paths; here it is said so that one finds the field. */
function refuseIncomplete(design: StudyDesign): void {
  const [first] = [...missingNames(design), ...missingArms(design)];
  if (first) {
    throw new ApiError(422, "incomplete", first.text);
  }
}
