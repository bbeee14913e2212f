import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { ReaderInvite, ReaderInvited } from "../../../shared/api/types";

function inviteStudyReader(studyId: string, body: ReaderInvite): Promise<ReaderInvited> {
  const params = { path: { study_id: studyId } };
  return unwrap(client.POST("/api/v1/reader-studies/{study_id}/readers", { params, body }));
}

/** The answer is the only place where a link ever stands. */
export function useInviteStudyReader(studyId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: ReaderInvite) => inviteStudyReader(studyId, body),
    gcTime: 0,
    onSuccess: () => queryClient.invalidateQueries({ queryKey: queryKeys.readerStudies }),
  });
}
