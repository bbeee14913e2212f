import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { StudyRead } from "../../../shared/api/types";

function createDemonstration(): Promise<StudyRead> {
  return unwrap(client.POST("/api/v1/reader-studies/demonstration"));
}

/** A published study on the example images, with simulated readers. */
export function useCreateDemonstration() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: createDemonstration,
    onSuccess: () => queryClient.invalidateQueries({ queryKey: queryKeys.readerStudyList }),
  });
}
