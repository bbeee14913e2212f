import { infiniteQueryOptions, keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { AuditEventPage } from "../../../shared/api/types";
import { type AuditFilters, asQuery } from "../lib/filters";

const PAGE_SIZE = 50;

function listEvents(
  filters: AuditFilters,
  before: number | null,
  signal: AbortSignal,
): Promise<AuditEventPage> {
  const query = { limit: PAGE_SIZE, ...asQuery(filters), ...(before !== null && { before }) };
  return unwrap(client.GET("/api/v1/audit-events", { params: { query }, signal }));
}

export function eventsOptions(filters: AuditFilters) {
  return infiniteQueryOptions({
    queryKey: queryKeys.auditEvents(filters),
    queryFn: ({ pageParam, signal }) => listEvents(filters, pageParam, signal),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.next_before,
    placeholderData: keepPreviousData,
    // Looking at the trail is an event itself: asked only when somebody asks.
    refetchOnWindowFocus: false,
  });
}

/** Newest first. */
export function useAuditEvents(filters: AuditFilters) {
  return useInfiniteQuery(eventsOptions(filters));
}
