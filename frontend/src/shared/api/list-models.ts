import { queryOptions, useQuery } from "@tanstack/react-query";
import { client, unwrap } from "./client";
import { queryKeys } from "./query-keys";
import type { ModelVersion } from "./types";

async function listModels(signal: AbortSignal): Promise<ModelVersion[]> {
  const { items } = await unwrap(client.GET("/api/v1/models", { signal }));
  return items;
}

export function modelsOptions() {
  return queryOptions({
    queryKey: queryKeys.models,
    queryFn: ({ signal }) => listModels(signal),
  });
}

export function useModels() {
  return useQuery(modelsOptions());
}
