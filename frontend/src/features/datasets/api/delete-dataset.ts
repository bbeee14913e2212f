import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";

async function deleteDataset(datasetId: string): Promise<void> {
  const params = { path: { dataset_id: datasetId } };
  await unwrap(client.DELETE("/api/v1/datasets/{dataset_id}", { params }));
}

export function useDeleteDataset(datasetId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => deleteDataset(datasetId),
    onSuccess: () => {
      queryClient.removeQueries({ queryKey: queryKeys.dataset(datasetId) });
      queryClient.removeQueries({ queryKey: queryKeys.clusters(datasetId) });
      return queryClient.invalidateQueries({ queryKey: queryKeys.datasetList });
    },
  });
}
