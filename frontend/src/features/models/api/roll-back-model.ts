import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { Activation } from "../../../shared/api/types";

/** What the record says where nobody was asked. */
export const ROLLBACK_REASON = "Rolled back.";

function rollBackModel(modelVersionId: string): Promise<Activation> {
  const params = { path: { model_version_id: modelVersionId } };
  const body = { reason: ROLLBACK_REASON };
  return unwrap(client.POST("/api/v1/models/{model_version_id}/rollback", { params, body }));
}

/** Takes the active version of a data set, and puts the one before it back. */
export function useRollBackModel() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: rollBackModel,
    onSettled: () => {
      void queryClient.invalidateQueries({ queryKey: queryKeys.models });
      void queryClient.invalidateQueries({ queryKey: queryKeys.comparisons });
    },
  });
}
