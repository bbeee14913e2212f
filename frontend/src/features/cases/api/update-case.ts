import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { Case, CaseUpdate } from "../../../shared/api/types";

function updateCase(caseId: string, update: CaseUpdate): Promise<Case> {
  const params = { path: { case_id: caseId } };
  return unwrap(client.PATCH("/api/v1/cases/{case_id}", { params, body: update }));
}

export function useUpdateCase(caseId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (update: CaseUpdate) => updateCase(caseId, update),
    onSuccess: (updated) => {
      queryClient.setQueryData(queryKeys.case(caseId), updated);
      return queryClient.invalidateQueries({ queryKey: [...queryKeys.cases, "list"] });
    },
  });
}
