import { queryOptions, useQuery } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { OwnSession } from "../../../shared/api/types";

async function listOwnSessions(signal: AbortSignal): Promise<OwnSession[]> {
  const { items } = await unwrap(client.GET("/api/v1/account/sessions", { signal }));
  return items;
}

export function ownSessionsOptions() {
  return queryOptions({
    queryKey: queryKeys.ownSessions,
    queryFn: ({ signal }) => listOwnSessions(signal),
  });
}

/** Where one is signed in. */
export function useOwnSessions() {
  return useQuery(ownSessionsOptions());
}
