import { queryOptions, useQuery } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { StudyCandidate } from "../../../shared/api/types";

async function listStudyCases(studyId: string, signal: AbortSignal): Promise<StudyCandidate[]> {
  const params = { path: { study_id: studyId } };
  const call = client.GET("/api/v1/reader-studies/{study_id}/cases", { params, signal });
  const { items } = await unwrap(call);
  return items;
}

export function studyCasesOptions(studyId: string) {
  return queryOptions({
    queryKey: queryKeys.studyCases(studyId),
    queryFn: ({ signal }) => listStudyCases(studyId, signal),
  });
}

/** The design's images as a coordinator knows them. */
export function useStudyCases(studyId: string) {
  return useQuery(studyCasesOptions(studyId));
}
