import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { TrainingEstimate, TrainingRunCreate } from "../../../shared/api/types";

function estimateTrainingRun(
  body: TrainingRunCreate,
  signal: AbortSignal,
): Promise<TrainingEstimate> {
  return unwrap(client.POST("/api/v1/training-runs/estimate", { body, signal }));
}

export function estimateOptions(body: TrainingRunCreate | null) {
  return queryOptions({
    queryKey: queryKeys.trainingEstimate(body ?? {}),
    queryFn: ({ signal }) => {
      if (!body) {
        throw new Error("There is nothing to estimate yet.");
      }
      return estimateTrainingRun(body, signal);
    },
    enabled: body !== null,
    placeholderData: keepPreviousData,
    // The queue moves on and reviewed cases come in meanwhile.
    staleTime: 5_000,
  });
}

/** How long such a run would take, what the edit means and what stands in its way. Nothing is kept. */
export function useTrainingEstimate(body: TrainingRunCreate | null) {
  return useQuery(estimateOptions(body));
}
