import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { Label, LabelUpdate, Prediction } from "../../../shared/api/types";
import { labelsOptions } from "./list-labels";

function putLabel(predictionId: string, body: LabelUpdate): Promise<Label> {
  const params = { path: { prediction_id: predictionId } };
  return unwrap(client.PUT("/api/v1/predictions/{prediction_id}/label", { params, body }));
}

/** One's own label: made, or put in place of the one before. */
export function usePutLabel(prediction: Prediction) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (update: LabelUpdate) => putLabel(prediction.id, update),
    onSuccess: async (saved) => {
      const { queryKey } = labelsOptions(prediction.case_id);
      // An answer from before would bring the old label back.
      await queryClient.cancelQueries({ queryKey });
      queryClient.setQueryData(queryKey, (labels) => [
        saved,
        ...(labels ?? []).filter(({ id }) => id !== saved.id),
      ]);
      void queryClient.invalidateQueries({ queryKey: queryKeys.agreement });
    },
  });
}
