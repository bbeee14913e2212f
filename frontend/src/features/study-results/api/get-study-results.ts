import { queryOptions, useQuery } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { StudyResults } from "../../../shared/api/types";

function getStudyResults(studyId: string, signal: AbortSignal): Promise<StudyResults> {
  const params = { path: { study_id: studyId } };
  return unwrap(client.GET("/api/v1/reader-studies/{study_id}/results", { params, signal }));
}

/** Computing them takes seconds, so they are not asked for again by themselves. */
export function studyResultsOptions(studyId: string) {
  return queryOptions({
    queryKey: queryKeys.studyResults(studyId),
    queryFn: ({ signal }) => getStudyResults(studyId, signal),
    staleTime: 5 * 60_000,
    refetchOnWindowFocus: false,
  });
}

export function useStudyResults(studyId: string) {
  return useQuery(studyResultsOptions(studyId));
}
