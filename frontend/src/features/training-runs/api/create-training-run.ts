import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { TrainingRun, TrainingRunCreate } from "../../../shared/api/types";

function createTrainingRun(body: TrainingRunCreate): Promise<TrainingRun> {
  return unwrap(client.POST("/api/v1/training-runs", { body }));
}

/** Queues a run; the answer comes at once, the rest shows on the run's page. */
export function useCreateTrainingRun() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: createTrainingRun,
    onSuccess: () => queryClient.invalidateQueries({ queryKey: queryKeys.trainingRuns }),
  });
}
