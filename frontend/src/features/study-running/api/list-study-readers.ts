import { queryOptions, useQuery } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { StudyReader } from "../../../shared/api/types";

async function listStudyReaders(studyId: string, signal: AbortSignal): Promise<StudyReader[]> {
  const params = { path: { study_id: studyId } };
  const { items } = await unwrap(
    client.GET("/api/v1/reader-studies/{study_id}/readers", { params, signal }),
  );
  return items;
}

/** In the order of invitation. */
export function studyReadersOptions(studyId: string) {
  return queryOptions({
    queryKey: queryKeys.studyReaders(studyId),
    queryFn: ({ signal }) => listStudyReaders(studyId, signal),
  });
}

export function useStudyReaders(studyId: string) {
  return useQuery(studyReadersOptions(studyId));
}
