import { queryOptions, useQuery } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { TrainingRunDetail } from "../../../shared/api/types";
import { isUnended } from "../../../shared/lib/job-status";

/** While it waits, or there is no live connection. */
export const RUN_INTERVAL = 5_000;

function getTrainingRun(runId: string, signal: AbortSignal): Promise<TrainingRunDetail> {
  const params = { path: { training_run_id: runId } };
  return unwrap(client.GET("/api/v1/training-runs/{training_run_id}", { params, signal }));
}

export function trainingRunOptions(runId: string, live: boolean) {
  return queryOptions({
    queryKey: queryKeys.trainingRun(runId),
    queryFn: ({ signal }) => getTrainingRun(runId, signal),
    // Its place in the queue depends on other runs, of which its own events say nothing.
    refetchInterval: ({ state: { data } }) =>
      data && isUnended(data) && !(live && data.status === "running") ? RUN_INTERVAL : false,
  });
}

/** `live`: its events come in by themselves. */
export function useTrainingRun(runId: string, live: boolean) {
  return useQuery(trainingRunOptions(runId, live));
}

/** For `EventSource`. */
export function trainingRunEventsUrl(runId: string, after: number): string {
  return `/api/v1/training-runs/${encodeURIComponent(runId)}/events?after=${after}`;
}
