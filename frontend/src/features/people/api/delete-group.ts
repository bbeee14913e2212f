import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { refreshSession } from "../../../shared/api/get-session";
import { queryKeys } from "../../../shared/api/query-keys";

async function deleteGroup(groupId: string): Promise<void> {
  const params = { path: { group_id: groupId } };
  await unwrap(client.DELETE("/api/v1/groups/{group_id}", { params }));
}

export function useDeleteGroup(groupId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => deleteGroup(groupId),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: queryKeys.people });
      void queryClient.invalidateQueries({ queryKey: queryKeys.cases });
      void refreshSession(queryClient);
      return queryClient.invalidateQueries({ queryKey: queryKeys.groups });
    },
  });
}
