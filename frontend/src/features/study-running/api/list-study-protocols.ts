import { queryOptions, useQuery } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { StudyProtocol } from "../../../shared/api/types";

async function listStudyProtocols(studyId: string, signal: AbortSignal): Promise<StudyProtocol[]> {
  const params = { path: { study_id: studyId } };
  const { items } = await unwrap(
    client.GET("/api/v1/reader-studies/{study_id}/protocols", { params, signal }),
  );
  return items;
}

/** Oldest first. */
export function studyProtocolsOptions(studyId: string) {
  return queryOptions({
    queryKey: queryKeys.studyProtocols(studyId),
    queryFn: ({ signal }) => listStudyProtocols(studyId, signal),
  });
}

export function useStudyProtocols(studyId: string) {
  return useQuery(studyProtocolsOptions(studyId));
}
