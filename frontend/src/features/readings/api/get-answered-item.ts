import { queryOptions, useQuery } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { ReadingItem } from "../../../shared/api/types";

function getAnsweredItem(
  studyId: string,
  responseId: string,
  signal: AbortSignal,
): Promise<ReadingItem> {
  const params = { path: { study_id: studyId, response_id: responseId } };
  return unwrap(
    client.GET("/api/v1/readings/{study_id}/responses/{response_id}/item", { params, signal }),
  );
}

function answeredItemOptions(studyId: string, responseId: string) {
  return queryOptions({
    queryKey: queryKeys.readingAnsweredItem(responseId),
    queryFn: ({ signal }) => getAnsweredItem(studyId, responseId, signal),
    // An item never changes.
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** The item of one's own locked answer; only where the study takes corrections. */
export function useAnsweredItem(studyId: string, responseId: string) {
  return useQuery(answeredItemOptions(studyId, responseId));
}
