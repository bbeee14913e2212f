import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { StudyRead } from "../../../shared/api/types";

function cancelPublication(studyId: string): Promise<StudyRead> {
  const params = { path: { study_id: studyId } };
  return unwrap(client.POST("/api/v1/reader-studies/{study_id}/cancel", { params }));
}

/** Stops preparing; the study is a draft again. */
export function useCancelPublication(studyId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => cancelPublication(studyId),
    onSuccess: (study) => queryClient.setQueryData(queryKeys.readerStudy(studyId), study),
    // Also after a failure: the study may have gone on without this page.
    onSettled: () => queryClient.invalidateQueries({ queryKey: queryKeys.readerStudies }),
  });
}
