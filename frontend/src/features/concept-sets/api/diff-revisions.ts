import { queryOptions, useQuery } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { RevisionDiff } from "../../../shared/api/types";

function diffRevisions(
  beforeId: string,
  afterId: string,
  signal: AbortSignal,
): Promise<RevisionDiff> {
  const params = { path: { revision_id: beforeId, other_id: afterId } };
  return unwrap(
    client.GET("/api/v1/concept-set-revisions/{revision_id}/diff/{other_id}", { params, signal }),
  );
}

export function diffOptions(beforeId: string, afterId: string) {
  return queryOptions({
    queryKey: queryKeys.conceptDiff(beforeId, afterId),
    queryFn: ({ signal }) => diffRevisions(beforeId, afterId, signal),
    // Revisions never change.
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function useDiff(beforeId: string, afterId: string) {
  return useQuery(diffOptions(beforeId, afterId));
}
