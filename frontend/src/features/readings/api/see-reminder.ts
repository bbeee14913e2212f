import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";

function seeReminder(studyId: string): Promise<unknown> {
  const params = { path: { study_id: studyId } };
  return unwrap(client.POST("/api/v1/readings/{study_id}/reminder/seen", { params }));
}

/** The reminder and the replies have been seen. */
export function useSeeReminder(studyId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => seeReminder(studyId),
    onSuccess: async () => {
      await Promise.all([
        queryClient.invalidateQueries({ queryKey: queryKeys.readingList }),
        queryClient.invalidateQueries({ queryKey: queryKeys.reading(studyId), exact: true }),
      ]);
    },
  });
}
