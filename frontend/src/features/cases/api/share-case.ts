import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { Case, SharingUpdate } from "../../../shared/api/types";

function shareCase(caseId: string, body: SharingUpdate): Promise<Case> {
  const params = { path: { case_id: caseId } };
  return unwrap(client.PUT("/api/v1/cases/{case_id}/sharing", { params, body }));
}

/** Who sees a case. */
export function useShareCase(caseId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: SharingUpdate) => shareCase(caseId, body),
    onSuccess: (shared) => {
      queryClient.setQueryData(queryKeys.case(caseId), shared);
      return queryClient.invalidateQueries({ queryKey: [...queryKeys.cases, "list"] });
    },
  });
}
