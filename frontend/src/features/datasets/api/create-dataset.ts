import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { Dataset, DatasetCreate } from "../../../shared/api/types";

function createDataset(body: DatasetCreate): Promise<Dataset> {
  return unwrap(client.POST("/api/v1/datasets", { body }));
}

/** Starts an import; the answer comes at once, the rest shows in the data set's progress. */
export function useCreateDataset() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: createDataset,
    onSuccess: () => queryClient.invalidateQueries({ queryKey: queryKeys.datasets }),
  });
}
