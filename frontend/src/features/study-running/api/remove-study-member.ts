import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { StudyMember } from "../../../shared/api/types";

async function removeStudyMember(studyId: string, userId: string): Promise<StudyMember[]> {
  const params = { path: { study_id: studyId, user_id: userId } };
  const { items } = await unwrap(
    client.DELETE("/api/v1/reader-studies/{study_id}/members/{user_id}", { params }),
  );
  return items;
}

/** They see the study no more. */
export function useRemoveStudyMember(studyId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (userId: string) => removeStudyMember(studyId, userId),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: queryKeys.readerStudies }),
  });
}
