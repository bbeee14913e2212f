import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import type { ReadingQuery, ReadingQueryCreate } from "../../../shared/api/types";
import { ownQueriesOptions } from "./list-queries";

function createQuery(studyId: string, body: ReadingQueryCreate): Promise<ReadingQuery> {
  const params = { path: { study_id: studyId } };
  return unwrap(client.POST("/api/v1/readings/{study_id}/queries", { params, body }));
}

/** Asks the coordinator something, about an item or about the whole study. */
export function useCreateQuery(studyId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: ReadingQueryCreate) => createQuery(studyId, body),
    onSuccess: (created) =>
      queryClient.setQueryData(ownQueriesOptions(studyId).queryKey, (queries) =>
        queries ? [created, ...queries] : undefined,
      ),
  });
}
