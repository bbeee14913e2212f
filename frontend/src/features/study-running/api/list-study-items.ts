import { queryOptions, useQuery } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { StudyItem } from "../../../shared/api/types";

async function listStudyItems(studyId: string, signal: AbortSignal): Promise<StudyItem[]> {
  const params = { path: { study_id: studyId } };
  const { items } = await unwrap(
    client.GET("/api/v1/reader-studies/{study_id}/items", { params, signal }),
  );
  return items;
}

/** By number. Refused to whoever still reads. */
export function studyItemsOptions(studyId: string) {
  return queryOptions({
    queryKey: queryKeys.studyItems(studyId),
    queryFn: ({ signal }) => listStudyItems(studyId, signal),
  });
}

export function useStudyItems(studyId: string) {
  return useQuery(studyItemsOptions(studyId));
}
