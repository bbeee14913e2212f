import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { StudyMember, StudyMemberUpdate } from "../../../shared/api/types";

async function updateStudyMember(studyId: string, body: StudyMemberUpdate): Promise<StudyMember[]> {
  const params = { path: { study_id: studyId } };
  const { items } = await unwrap(
    client.POST("/api/v1/reader-studies/{study_id}/members", { params, body }),
  );
  return items;
}

/** Makes somebody a member, or changes what they are. */
export function useUpdateStudyMember(studyId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: StudyMemberUpdate) => updateStudyMember(studyId, body),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: queryKeys.readerStudies }),
  });
}
