import { queryOptions, useQuery } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { Activation } from "../../../shared/api/types";

async function listActivations(signal: AbortSignal): Promise<Activation[]> {
  const { items } = await unwrap(client.GET("/api/v1/models/activations", { signal }));
  return items;
}

export function activationsOptions() {
  return queryOptions({
    queryKey: queryKeys.activations,
    queryFn: ({ signal }) => listActivations(signal),
  });
}

/** Which version came into use when, of all data sets, newest first. */
export function useActivations() {
  return useQuery(activationsOptions());
}
