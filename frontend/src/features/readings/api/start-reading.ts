import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { ReadingRead, ReadingStart } from "../../../shared/api/types";
import { readingOptions } from "./get-reading";

function startReading(studyId: string, body: ReadingStart): Promise<ReadingRead> {
  const params = { path: { study_id: studyId } };
  return unwrap(client.POST("/api/v1/readings/{study_id}/start", { params, body }));
}

/** Instructions read, and who one is as a rater said where it is asked. */
export function useStartReading(studyId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: ReadingStart) => startReading(studyId, body),
    onSuccess: (reading) => {
      queryClient.setQueryData(readingOptions(studyId).queryKey, reading);
      void queryClient.invalidateQueries({ queryKey: queryKeys.readingList });
    },
  });
}
