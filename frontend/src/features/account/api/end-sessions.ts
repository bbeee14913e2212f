import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";

async function endSessions(sessionId: string | null): Promise<void> {
  if (sessionId === null) {
    await unwrap(client.DELETE("/api/v1/account/sessions"));
  } else {
    const params = { path: { session_id: sessionId } };
    await unwrap(client.DELETE("/api/v1/account/sessions/{session_id}", { params }));
  }
}

/** One other session, or (null) all but the one that asks. */
export function useEndSessions() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: endSessions,
    onSettled: () => queryClient.invalidateQueries({ queryKey: queryKeys.ownSessions }),
  });
}
