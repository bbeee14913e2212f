import { queryOptions, useQuery } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { ApiToken } from "../../../shared/api/types";

async function listTokens(signal: AbortSignal): Promise<ApiToken[]> {
  const { items } = await unwrap(client.GET("/api/v1/account/tokens", { signal }));
  return items;
}

export function tokensOptions() {
  return queryOptions({
    queryKey: queryKeys.ownTokens,
    queryFn: ({ signal }) => listTokens(signal),
  });
}

export function useTokens() {
  return useQuery(tokensOptions());
}
