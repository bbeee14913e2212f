import { queryOptions, useQuery } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { Link } from "../../../shared/api/types";

function inspectLink(token: string, signal: AbortSignal): Promise<Link> {
  return unwrap(client.POST("/api/v1/auth/links/inspect", { body: { token }, signal }));
}

export function linkOptions(token: string) {
  return queryOptions({
    // The token itself is no key: it must not lie about in the cache.
    queryKey: queryKeys.link,
    queryFn: ({ signal }) => inspectLink(token, signal),
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
}

/** Whom an invitation or a reset is for. */
export function useLink(token: string) {
  return useQuery(linkOptions(token));
}
