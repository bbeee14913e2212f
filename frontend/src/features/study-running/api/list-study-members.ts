import { queryOptions, useQuery } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { StudyMember } from "../../../shared/api/types";

async function listStudyMembers(studyId: string, signal: AbortSignal): Promise<StudyMember[]> {
  const params = { path: { study_id: studyId } };
  const { items } = await unwrap(
    client.GET("/api/v1/reader-studies/{study_id}/members", { params, signal }),
  );
  return items;
}

/** Owner first. */
export function studyMembersOptions(studyId: string) {
  return queryOptions({
    queryKey: queryKeys.studyMembers(studyId),
    queryFn: ({ signal }) => listStudyMembers(studyId, signal),
  });
}

export function useStudyMembers(studyId: string) {
  return useQuery(studyMembersOptions(studyId));
}
