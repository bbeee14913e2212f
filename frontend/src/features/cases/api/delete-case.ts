import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";

async function deleteCase(caseId: string): Promise<void> {
  const params = { path: { case_id: caseId } };
  await unwrap(client.DELETE("/api/v1/cases/{case_id}", { params }));
}

export function useDeleteCase(caseId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => deleteCase(caseId),
    onSuccess: () => {
      queryClient.removeQueries({ queryKey: queryKeys.case(caseId) });
      queryClient.removeQueries({ queryKey: queryKeys.caseImage(caseId) });
      // Removed, not only marked as stale: the list must not show it again, even for a moment.
      queryClient.removeQueries({ queryKey: [...queryKeys.cases, "list"] });
    },
  });
}
