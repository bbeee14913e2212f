import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { StudyCandidateQuery, StudyCandidates } from "../../../shared/api/types";

function findCandidates(body: StudyCandidateQuery, signal: AbortSignal): Promise<StudyCandidates> {
  return unwrap(client.POST("/api/v1/reader-studies/candidates", { body, signal }));
}

export function candidatesOptions(query: StudyCandidateQuery) {
  return queryOptions({
    queryKey: queryKeys.studyCandidates(query),
    queryFn: ({ signal }) => findCandidates(query, signal),
    enabled: query.source === "cases" || Boolean(query.dataset_id),
    placeholderData: keepPreviousData,
  });
}

/** Images to choose from: the first 200 that match, and how many there are. */
export function useCandidates(query: StudyCandidateQuery) {
  return useQuery(candidatesOptions(query));
}
