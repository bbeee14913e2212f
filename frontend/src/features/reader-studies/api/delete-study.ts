import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";

function deleteStudy(studyId: string): Promise<unknown> {
  const params = { path: { study_id: studyId } };
  return unwrap(client.DELETE("/api/v1/reader-studies/{study_id}", { params }));
}

/** Of a draft, or of a demonstration. */
export function useDeleteStudy(studyId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => deleteStudy(studyId),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: queryKeys.readerStudyList }),
  });
}
