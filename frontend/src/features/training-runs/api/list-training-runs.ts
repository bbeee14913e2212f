import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { TrainingRunList } from "../../../shared/api/types";
import { isUnended } from "../../../shared/lib/job-status";

export const RUNS_PER_PAGE = 50;
/** While something is unended. */
export const LIST_INTERVAL = 5_000;

function listTrainingRuns(offset: number, signal: AbortSignal): Promise<TrainingRunList> {
  const params = { query: { offset, limit: RUNS_PER_PAGE } };
  return unwrap(client.GET("/api/v1/training-runs", { params, signal }));
}

export function trainingRunsOptions(offset: number) {
  return queryOptions({
    queryKey: queryKeys.trainingRunList(offset),
    queryFn: ({ signal }) => listTrainingRuns(offset, signal),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data?.items.some(isUnended) ? LIST_INTERVAL : false),
  });
}

/** Newest first. */
export function useTrainingRuns(offset: number) {
  return useQuery(trainingRunsOptions(offset));
}
