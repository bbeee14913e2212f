import { infiniteQueryOptions, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { Case, CasePage } from "../../../shared/api/types";

const PAGE_SIZE = 50;

export interface CaseFilter {
  search: string;
  /** Null: whatever was said of their pixels. */
  review: Case["review"] | null;
}

function listCases(
  { search, review }: CaseFilter,
  cursor: string | null,
  signal: AbortSignal,
): Promise<CasePage> {
  const query = {
    limit: PAGE_SIZE,
    ...(search && { search }),
    ...(review && { review }),
    ...(cursor && { cursor }),
  };
  return unwrap(client.GET("/api/v1/cases", { params: { query }, signal }));
}

export function caseListOptions(filter: CaseFilter) {
  return infiniteQueryOptions({
    queryKey: queryKeys.caseList(filter.search, filter.review),
    queryFn: ({ pageParam, signal }) => listCases(filter, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    // While somebody types the list stays; of another choice it would say what is not so.
    placeholderData: (before, query) => (query?.queryKey[3] === filter.review ? before : undefined),
  });
}

export function useCaseList(filter: CaseFilter) {
  return useInfiniteQuery(caseListOptions(filter));
}

/** The newest of those that wait for a look at their pixels, and how many of one's own do. */
export function useWaitingCases() {
  return useQuery({
    queryKey: queryKeys.waitingCases,
    queryFn: ({ signal }) => listCases({ search: "", review: "waiting" }, null, signal),
  });
}
