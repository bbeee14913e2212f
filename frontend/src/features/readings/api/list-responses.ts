import { queryOptions, useQuery } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { ReadingResponse } from "../../../shared/api/types";

async function listResponses(studyId: string, signal: AbortSignal): Promise<ReadingResponse[]> {
  const params = { path: { study_id: studyId } };
  const { items } = await unwrap(
    client.GET("/api/v1/readings/{study_id}/responses", { params, signal }),
  );
  return items;
}

export function responsesOptions(studyId: string) {
  return queryOptions({
    queryKey: queryKeys.readingResponses(studyId),
    queryFn: ({ signal }) => listResponses(studyId, signal),
  });
}

/** One's own locked answers, newest first. */
export function useResponses(studyId: string) {
  return useQuery(responsesOptions(studyId));
}
