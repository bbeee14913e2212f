import { queryOptions, useQuery } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { Health } from "../../../shared/api/types";

const STEADY_INTERVAL = 15_000;
const UNSETTLED_INTERVAL = 2_000;

function getHealth(signal: AbortSignal): Promise<Health> {
  return unwrap(client.GET("/api/v1/health", { signal }));
}

export function healthOptions() {
  return queryOptions({
    queryKey: queryKeys.health,
    queryFn: ({ signal }) => getHealth(signal),
    // Asked often while something is about to change, so that the page says so at once.
    refetchInterval: (query) =>
      query.state.data?.status === "ok" && query.state.status === "success"
        ? STEADY_INTERVAL
        : UNSETTLED_INTERVAL,
    retry: false,
  });
}

export function useHealth() {
  return useQuery(healthOptions());
}
