import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { refreshSession } from "../../../shared/api/get-session";
import { queryKeys } from "../../../shared/api/query-keys";
import type { Group } from "../../../shared/api/types";

interface GroupFields {
  name: string;
  member_ids: string[];
}

function saveGroup(groupId: string | null, body: GroupFields): Promise<Group> {
  if (groupId === null) {
    return unwrap(client.POST("/api/v1/groups", { body }));
  }
  const params = { path: { group_id: groupId } };
  return unwrap(client.PATCH("/api/v1/groups/{group_id}", { params, body }));
}

/** A new group (null) or another name and other members of one. */
export function useSaveGroup(groupId: string | null) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: GroupFields) => saveGroup(groupId, body),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: queryKeys.people });
      void refreshSession(queryClient);
      return queryClient.invalidateQueries({ queryKey: queryKeys.groups });
    },
  });
}
