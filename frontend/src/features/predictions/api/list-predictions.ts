import { queryOptions, useQuery } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { Prediction } from "../../../shared/api/types";

async function listPredictions(caseId: string, signal: AbortSignal): Promise<Prediction[]> {
  const params = { path: { case_id: caseId } };
  const { items } = await unwrap(
    client.GET("/api/v1/cases/{case_id}/predictions", { params, signal }),
  );
  return items;
}

export function predictionsOptions(caseId: string) {
  return queryOptions({
    queryKey: queryKeys.predictions(caseId),
    queryFn: ({ signal }) => listPredictions(caseId, signal),
  });
}

/** Newest first. */
export function usePredictions(caseId: string) {
  return useQuery(predictionsOptions(caseId));
}
