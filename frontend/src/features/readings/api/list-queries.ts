import { queryOptions, useQuery } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { ReadingQuery } from "../../../shared/api/types";

async function listQueries(studyId: string, signal: AbortSignal): Promise<ReadingQuery[]> {
  const params = { path: { study_id: studyId } };
  const { items } = await unwrap(
    client.GET("/api/v1/readings/{study_id}/queries", { params, signal }),
  );
  return items;
}

export function ownQueriesOptions(studyId: string) {
  return queryOptions({
    queryKey: queryKeys.readingQueries(studyId),
    queryFn: ({ signal }) => listQueries(studyId, signal),
  });
}

/** One's own questions to the coordinator, with replies. */
export function useOwnQueries(studyId: string) {
  return useQuery(ownQueriesOptions(studyId));
}
