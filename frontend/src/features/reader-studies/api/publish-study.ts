import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { StudyRead } from "../../../shared/api/types";

function publishStudy(studyId: string): Promise<StudyRead> {
  const params = { path: { study_id: studyId } };
  return unwrap(client.POST("/api/v1/reader-studies/{study_id}/publish", { params }));
}

/** Freezes the design and prepares what readers will see. */
export function usePublishStudy(studyId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => publishStudy(studyId),
    onSuccess: (study) => queryClient.setQueryData(queryKeys.readerStudy(studyId), study),
    // Also after a failure: the study may have gone on without this page.
    onSettled: () => queryClient.invalidateQueries({ queryKey: queryKeys.readerStudies }),
  });
}
