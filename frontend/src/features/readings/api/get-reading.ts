import { queryOptions, useQuery } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { ReadingRead } from "../../../shared/api/types";

function getReading(studyId: string, signal: AbortSignal): Promise<ReadingRead> {
  const params = { path: { study_id: studyId } };
  return unwrap(client.GET("/api/v1/readings/{study_id}", { params, signal }));
}

export function readingOptions(studyId: string) {
  return queryOptions({
    queryKey: queryKeys.reading(studyId),
    queryFn: ({ signal }) => getReading(studyId, signal),
  });
}

/** Everything that a reader knows of a study. */
export function useReading(studyId: string) {
  return useQuery(readingOptions(studyId));
}
