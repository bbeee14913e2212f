import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { ReaderReminder } from "../../../shared/api/types";

function remindReader(studyId: string, readerId: string): Promise<ReaderReminder> {
  const params = { path: { study_id: studyId, reader_id: readerId } };
  return unwrap(
    client.POST("/api/v1/reader-studies/{study_id}/readers/{reader_id}/reminder", { params }),
  );
}

/** Reminds in Vitrine; the answer has the words for a mail. */
export function useRemindReader(studyId: string, readerId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => remindReader(studyId, readerId),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: queryKeys.studyReaders(studyId) }),
  });
}
