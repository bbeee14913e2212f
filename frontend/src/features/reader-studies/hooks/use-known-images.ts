import { useCallback, useMemo, useState } from "react";
import type { StudyCandidate, StudyCaseRef } from "../../../shared/api/types";
import { useStudyCases } from "../api/list-study-cases";
import { refKey } from "../lib/design";

export interface KnownImages {
  /** What a coordinator calls it, its thumbnail and so on; null while that is not known. */
  find: (ref: StudyCaseRef) => StudyCandidate | null;
  learn: (items: readonly StudyCandidate[]) => void;
}

/** Names and thumbnails of the design's images: as the server has them saved, and of those just chosen. */
export function useKnownImages(studyId: string): KnownImages {
  const saved = useStudyCases(studyId);
  const [learned, setLearned] = useState<ReadonlyMap<string, StudyCandidate>>(new Map());
  const known = useMemo(() => {
    const all = new Map(learned);
    for (const item of saved.data ?? []) {
      all.set(refKey(item.ref), item);
    }
    return all;
  }, [learned, saved.data]);
  return {
    find: useCallback((ref) => known.get(refKey(ref)) ?? null, [known]),
    learn: useCallback(
      (items) =>
        setLearned(
          (old) => new Map([...old, ...items.map((item) => [refKey(item.ref), item] as const)]),
        ),
      [],
    ),
  };
}

/** What stands where the label is not known. */
export function labelOf(ref: StudyCaseRef, known: StudyCandidate | null): string {
  return known?.label ?? ref.image ?? `Case ${ref.case_id?.slice(0, 6).toUpperCase()}`;
}
