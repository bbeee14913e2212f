import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { ModelComparison } from "../../../shared/api/types";

function cancelComparison(comparisonId: string): Promise<ModelComparison> {
  const params = { path: { comparison_id: comparisonId } };
  return unwrap(client.POST("/api/v1/comparisons/{comparison_id}/cancel", { params }));
}

export function useCancelComparison(comparisonId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => cancelComparison(comparisonId),
    // Also when it was refused: it may have ended meanwhile.
    onSettled: () => queryClient.invalidateQueries({ queryKey: queryKeys.comparisons }),
  });
}
