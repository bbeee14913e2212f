import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { ReaderInvited } from "../../../shared/api/types";

function renewReaderLink(studyId: string, readerId: string): Promise<ReaderInvited> {
  const params = { path: { study_id: studyId, reader_id: readerId } };
  return unwrap(
    client.POST("/api/v1/reader-studies/{study_id}/readers/{reader_id}/link", { params }),
  );
}

/** Earlier links do not work any more. The answer is the only place where this one ever stands. */
export function useRenewReaderLink(studyId: string, readerId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => renewReaderLink(studyId, readerId),
    gcTime: 0,
    onSuccess: () => queryClient.invalidateQueries({ queryKey: queryKeys.studyReaders(studyId) }),
  });
}
