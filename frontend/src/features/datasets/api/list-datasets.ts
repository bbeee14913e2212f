import { queryOptions, useQuery } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { Dataset } from "../../../shared/api/types";
import { isRunning } from "../lib/status";

/** Often enough that a bar is seen to move; asked only while one does. */
export const PROGRESS_INTERVAL = 1_000;

async function listDatasets(signal: AbortSignal): Promise<Dataset[]> {
  const { items } = await unwrap(client.GET("/api/v1/datasets", { signal }));
  return items;
}

export function datasetsOptions() {
  return queryOptions({
    queryKey: queryKeys.datasetList,
    queryFn: ({ signal }) => listDatasets(signal),
    refetchInterval: (query) => (query.state.data?.some(isRunning) ? PROGRESS_INTERVAL : false),
  });
}

export function useDatasets() {
  return useQuery(datasetsOptions());
}
