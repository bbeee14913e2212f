import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { ConceptSetCreate, Revision } from "../../../shared/api/types";

function createConceptSet(body: ConceptSetCreate): Promise<Revision> {
  return unwrap(client.POST("/api/v1/concept-sets", { body }));
}

export function useCreateConceptSet() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: createConceptSet,
    onSuccess: () => queryClient.invalidateQueries({ queryKey: queryKeys.conceptSets }),
  });
}
