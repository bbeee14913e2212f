import { infiniteQueryOptions, useInfiniteQuery } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { RevisionList } from "../../../shared/api/types";

const PAGE = 100;

function listRevisions(setId: string, offset: number, signal: AbortSignal): Promise<RevisionList> {
  const params = { path: { concept_set_id: setId }, query: { offset, limit: PAGE } };
  return unwrap(client.GET("/api/v1/concept-sets/{concept_set_id}/revisions", { params, signal }));
}

export function revisionsOptions(setId: string) {
  return infiniteQueryOptions({
    queryKey: queryKeys.conceptRevisions(setId),
    queryFn: ({ pageParam, signal }) => listRevisions(setId, pageParam, signal),
    initialPageParam: 0,
    getNextPageParam: ({ total }, pages) => {
      const read = pages.reduce((sum, { items }) => sum + items.length, 0);
      return read < total ? read : undefined;
    },
  });
}

/** Newest first. */
export function useRevisions(setId: string) {
  return useInfiniteQuery(revisionsOptions(setId));
}
