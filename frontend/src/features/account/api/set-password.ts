import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { refreshSession } from "../../../shared/api/get-session";
import { queryKeys } from "../../../shared/api/query-keys";
import type { PasswordCreate } from "../../../shared/api/types";

async function setPassword(body: PasswordCreate): Promise<void> {
  await unwrap(client.POST("/api/v1/account/password", { body }));
}

/** The server signs out everywhere else. */
export function useSetPassword() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: setPassword,
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: queryKeys.ownSessions });
      void refreshSession(queryClient);
    },
  });
}
