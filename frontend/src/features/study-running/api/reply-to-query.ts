import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { StudyQuery } from "../../../shared/api/types";

function replyToQuery(studyId: string, queryId: string, reply: string): Promise<StudyQuery> {
  const params = { path: { study_id: studyId, query_id: queryId } };
  return unwrap(
    client.POST("/api/v1/reader-studies/{study_id}/queries/{query_id}/reply", {
      params,
      body: { reply },
    }),
  );
}

/** The reader sees it where they read; the study counts its open questions. */
export function useReplyToQuery(studyId: string, queryId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (reply: string) => replyToQuery(studyId, queryId, reply),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: queryKeys.readerStudies }),
  });
}
