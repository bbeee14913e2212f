import { queryOptions, useQuery } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { ReadingSummary } from "../../../shared/api/types";

async function listReadings(signal: AbortSignal): Promise<ReadingSummary[]> {
  const { items } = await unwrap(client.GET("/api/v1/readings", { signal }));
  return items;
}

export function readingsOptions() {
  return queryOptions({
    queryKey: queryKeys.readingList,
    queryFn: ({ signal }) => listReadings(signal),
  });
}

/** The studies that one reads in, those with something to do first. */
export function useReadings() {
  return useQuery(readingsOptions());
}
