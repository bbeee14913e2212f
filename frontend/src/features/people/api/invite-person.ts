import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { PersonCreate, PersonInvited } from "../../../shared/api/types";

function invitePerson(body: PersonCreate): Promise<PersonInvited> {
  return unwrap(client.POST("/api/v1/people", { body }));
}

/** The answer is the only place where the link ever stands. */
export function useInvitePerson() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: invitePerson,
    gcTime: 0,
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: queryKeys.groups });
      return queryClient.invalidateQueries({ queryKey: queryKeys.people });
    },
  });
}
