import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { Intervention, InterventionCreate } from "../../../shared/api/types";

function createIntervention(predictionId: string, body: InterventionCreate): Promise<Intervention> {
  const params = { path: { prediction_id: predictionId } };
  return unwrap(client.POST("/api/v1/predictions/{prediction_id}/interventions", { params, body }));
}

/** Stores edits with what the server makes of them. */
export function useCreateIntervention(caseId: string, predictionId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: InterventionCreate) => createIntervention(predictionId, body),
    onSuccess: async (created) => {
      const queryKey = queryKeys.interventions(caseId);
      await queryClient.cancelQueries({ queryKey });
      queryClient.setQueryData<Intervention[]>(queryKey, (before) => [created, ...(before ?? [])]);
      void queryClient.invalidateQueries({ queryKey });
    },
  });
}
