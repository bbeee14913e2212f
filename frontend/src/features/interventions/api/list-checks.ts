import { queryOptions, useQuery } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { Check } from "../../../shared/api/types";

async function listChecks(predictionId: string, signal: AbortSignal): Promise<Check[]> {
  const params = { path: { prediction_id: predictionId } };
  const { items } = await unwrap(
    client.GET("/api/v1/predictions/{prediction_id}/checks", { params, signal }),
  );
  return items;
}

export function checksOptions(predictionId: string) {
  return queryOptions({
    queryKey: queryKeys.checks(predictionId),
    queryFn: ({ signal }) => listChecks(predictionId, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Which group would tell most if somebody looked, most first. */
export function useChecks(predictionId: string) {
  return useQuery(checksOptions(predictionId));
}
