import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { Revision, RevisionCreate } from "../../../shared/api/types";

function createRevision(setId: string, body: RevisionCreate): Promise<Revision> {
  const params = { path: { concept_set_id: setId } };
  return unwrap(client.POST("/api/v1/concept-sets/{concept_set_id}/revisions", { params, body }));
}

export function useCreateRevision(setId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: RevisionCreate) => createRevision(setId, body),
    onSuccess: (revision) => {
      queryClient.setQueryData(queryKeys.conceptRevision(revision.id), revision);
    },
    // Also when it was refused: somebody may have saved meanwhile.
    onSettled: () => queryClient.invalidateQueries({ queryKey: queryKeys.conceptSets }),
  });
}
