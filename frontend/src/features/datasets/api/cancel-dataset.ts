import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { Dataset } from "../../../shared/api/types";

function cancelDataset(datasetId: string): Promise<Dataset> {
  const params = { path: { dataset_id: datasetId } };
  return unwrap(client.POST("/api/v1/datasets/{dataset_id}/cancel", { params }));
}

export function useCancelDataset(datasetId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => cancelDataset(datasetId),
    // Also after a failure: the import may just have ended by itself.
    onSettled: () => queryClient.invalidateQueries({ queryKey: queryKeys.datasets }),
  });
}
