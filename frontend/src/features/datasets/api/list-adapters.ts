import { queryOptions, useQuery } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { DatasetAdapter } from "../../../shared/api/types";

async function listAdapters(signal: AbortSignal): Promise<DatasetAdapter[]> {
  const { items } = await unwrap(client.GET("/api/v1/dataset-adapters", { signal }));
  return items;
}

export function adaptersOptions() {
  return queryOptions({
    queryKey: queryKeys.adapters,
    queryFn: ({ signal }) => listAdapters(signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** The layouts that can be read. They change with the server's version only. */
export function useAdapters() {
  return useQuery(adaptersOptions());
}
