import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { Activation } from "../../../shared/api/types";

function activateModel(modelVersionId: string, reason: string): Promise<Activation> {
  const params = { path: { model_version_id: modelVersionId } };
  const body = { reason };
  return unwrap(client.POST("/api/v1/models/{model_version_id}/activate", { params, body }));
}

/** Answers once the version is loaded and warm, which takes seconds. */
export function useActivateModel(modelVersionId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (reason: string) => activateModel(modelVersionId, reason),
    // Also after a failure: somebody else may have been quicker.
    onSettled: () => {
      void queryClient.invalidateQueries({ queryKey: queryKeys.models });
      void queryClient.invalidateQueries({ queryKey: queryKeys.comparisons });
    },
  });
}
