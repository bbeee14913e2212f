import { queryOptions, useQuery } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { StudyQuery } from "../../../shared/api/types";

async function listStudyQueries(studyId: string, signal: AbortSignal): Promise<StudyQuery[]> {
  const params = { path: { study_id: studyId } };
  const { items } = await unwrap(
    client.GET("/api/v1/reader-studies/{study_id}/queries", { params, signal }),
  );
  return items;
}

/** Open ones first, then newest first. */
export function studyQueriesOptions(studyId: string) {
  return queryOptions({
    queryKey: queryKeys.studyQueries(studyId),
    queryFn: ({ signal }) => listStudyQueries(studyId, signal),
  });
}

export function useStudyQueries(studyId: string) {
  return useQuery(studyQueriesOptions(studyId));
}
