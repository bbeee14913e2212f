import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { AccountUpdate, SessionInfo } from "../../../shared/api/types";

function updateAccount(body: AccountUpdate): Promise<SessionInfo> {
  return unwrap(client.PATCH("/api/v1/account", { body }));
}

/** Name or e-mail; the header shows the new ones at once. */
export function useUpdateAccount() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: updateAccount,
    onSuccess: (session) => {
      queryClient.setQueryData(queryKeys.session, session);
      void queryClient.invalidateQueries({ queryKey: queryKeys.people });
      void queryClient.invalidateQueries({ queryKey: queryKeys.cases });
    },
  });
}
