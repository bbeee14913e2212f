import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { StudyRead } from "../../../shared/api/types";

function closeStudy(studyId: string, reason: string): Promise<StudyRead> {
  const params = { path: { study_id: studyId } };
  const body = { reason };
  return unwrap(client.POST("/api/v1/reader-studies/{study_id}/close", { params, body }));
}

/** Ends reading; results can be seen from then on. */
export function useCloseStudy(studyId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (reason: string) => closeStudy(studyId, reason),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: queryKeys.readerStudies }),
  });
}
