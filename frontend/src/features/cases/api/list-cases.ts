import { infiniteQueryOptions, keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { CasePage } from "../../../shared/api/types";

const PAGE_SIZE = 50;

function listCases(search: string, cursor: string | null, signal: AbortSignal): Promise<CasePage> {
  const query = { limit: PAGE_SIZE, ...(search && { search }), ...(cursor && { cursor }) };
  return unwrap(client.GET("/api/v1/cases", { params: { query }, signal }));
}

export function caseListOptions(search: string) {
  return infiniteQueryOptions({
    queryKey: queryKeys.caseList(search),
    queryFn: ({ pageParam, signal }) => listCases(search, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
  });
}

export function useCaseList(search: string) {
  return useInfiniteQuery(caseListOptions(search));
}
