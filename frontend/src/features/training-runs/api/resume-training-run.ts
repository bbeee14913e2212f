import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { TrainingRun } from "../../../shared/api/types";

function resumeTrainingRun(runId: string): Promise<TrainingRun> {
  const params = { path: { training_run_id: runId } };
  return unwrap(client.POST("/api/v1/training-runs/{training_run_id}/resume", { params }));
}

export function useResumeTrainingRun(runId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => resumeTrainingRun(runId),
    // Also after a failure: the run may just have gone on by itself.
    onSettled: () => queryClient.invalidateQueries({ queryKey: queryKeys.trainingRuns }),
  });
}
