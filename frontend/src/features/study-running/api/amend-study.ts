import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { StudyAmendment, StudyRead } from "../../../shared/api/types";

function amendStudy(studyId: string, body: StudyAmendment): Promise<StudyRead> {
  const params = { path: { study_id: studyId } };
  return unwrap(client.POST("/api/v1/reader-studies/{study_id}/amendments", { params, body }));
}

/** Makes a new version of the protocol. */
export function useAmendStudy(studyId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: StudyAmendment) => amendStudy(studyId, body),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: queryKeys.readerStudies }),
  });
}
