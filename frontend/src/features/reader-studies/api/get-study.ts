import { queryOptions, useQuery } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { StudyRead } from "../../../shared/api/types";
import { PUBLISHING_INTERVAL } from "./list-studies";

function getStudy(studyId: string, signal: AbortSignal): Promise<StudyRead> {
  const params = { path: { study_id: studyId } };
  return unwrap(client.GET("/api/v1/reader-studies/{study_id}", { params, signal }));
}

export function studyOptions(studyId: string) {
  return queryOptions({
    queryKey: queryKeys.readerStudy(studyId),
    queryFn: ({ signal }) => getStudy(studyId, signal),
    refetchInterval: ({ state }) =>
      state.data?.status === "publishing" ? PUBLISHING_INTERVAL : false,
  });
}

export function useStudy(studyId: string) {
  return useQuery(studyOptions(studyId));
}

/** Null: none is meant, so that nothing is asked. */
export function useStudyIf(studyId: string | null) {
  return useQuery({ ...studyOptions(studyId ?? ""), enabled: studyId !== null });
}
