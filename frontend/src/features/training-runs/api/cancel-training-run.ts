import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { TrainingRun } from "../../../shared/api/types";

function cancelTrainingRun(runId: string): Promise<TrainingRun> {
  const params = { path: { training_run_id: runId } };
  return unwrap(client.POST("/api/v1/training-runs/{training_run_id}/cancel", { params }));
}

export function useCancelTrainingRun(runId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => cancelTrainingRun(runId),
    // Also after a failure: the run may just have gone on by itself.
    onSettled: () => queryClient.invalidateQueries({ queryKey: queryKeys.trainingRuns }),
  });
}
