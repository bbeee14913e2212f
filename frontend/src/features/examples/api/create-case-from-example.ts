import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { Case } from "../../../shared/api/types";

function createCaseFromExample(key: string): Promise<Case> {
  return unwrap(client.POST("/api/v1/examples/{key}/cases", { params: { path: { key } } }));
}

export function useCreateCaseFromExample(onCreated: (created: Case) => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: createCaseFromExample,
    onSuccess: (created) => {
      queryClient.setQueryData(queryKeys.case(created.id), created);
      void queryClient.invalidateQueries({ queryKey: [...queryKeys.cases, "list"] });
      onCreated(created);
    },
  });
}
