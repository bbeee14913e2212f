import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { StudyReader } from "../../../shared/api/types";

async function withdrawReader(
  studyId: string,
  readerId: string,
  reason: string,
): Promise<StudyReader[]> {
  const params = { path: { study_id: studyId, reader_id: readerId } };
  const { items } = await unwrap(
    client.POST("/api/v1/reader-studies/{study_id}/readers/{reader_id}/withdraw", {
      params,
      body: { reason },
    }),
  );
  return items;
}

/** The answers stay; counts, results and what the coordinator may see change. */
export function useWithdrawReader(studyId: string, readerId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (reason: string) => withdrawReader(studyId, readerId, reason),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: queryKeys.readerStudies }),
  });
}
