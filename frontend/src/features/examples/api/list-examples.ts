import { queryOptions, useQuery } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { Example } from "../../../shared/api/types";

async function listExamples(signal: AbortSignal): Promise<Example[]> {
  const { items } = await unwrap(client.GET("/api/v1/examples", { signal }));
  return items;
}

export function examplesOptions() {
  return queryOptions({
    queryKey: queryKeys.examples,
    queryFn: ({ signal }) => listExamples(signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function useExamples() {
  return useQuery(examplesOptions());
}

/** For `<img>`. */
export function exampleImageUrl(key: string, size: number): string {
  return `/api/v1/examples/${encodeURIComponent(key)}/image?size=${size}`;
}
