import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { ModelComparison, ModelComparisonCreate } from "../../../shared/api/types";

function createComparison(body: ModelComparisonCreate): Promise<ModelComparison> {
  return unwrap(client.POST("/api/v1/models/compare", { body }));
}

/** Queues a comparison; the answer comes at once, the rest shows in its progress. */
export function useCreateComparison() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: createComparison,
    onSuccess: () => queryClient.invalidateQueries({ queryKey: queryKeys.comparisons }),
  });
}
