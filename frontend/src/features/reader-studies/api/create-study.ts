import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { StudyCreate, StudyRead } from "../../../shared/api/types";

function createStudy(body: StudyCreate): Promise<StudyRead> {
  return unwrap(client.POST("/api/v1/reader-studies", { body }));
}

/** A new draft. */
export function useCreateStudy() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: createStudy,
    onSuccess: () => queryClient.invalidateQueries({ queryKey: queryKeys.readerStudyList }),
  });
}
