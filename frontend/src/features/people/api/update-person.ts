import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { refreshSession } from "../../../shared/api/get-session";
import { queryKeys } from "../../../shared/api/query-keys";
import type { Person, PersonUpdate } from "../../../shared/api/types";

function updatePerson(personId: string, body: PersonUpdate): Promise<Person> {
  const params = { path: { person_id: personId } };
  return unwrap(client.PATCH("/api/v1/people/{person_id}", { params, body }));
}

export function useUpdatePerson(personId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: PersonUpdate) => updatePerson(personId, body),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: queryKeys.groups });
      // It may have been one's own account.
      void refreshSession(queryClient);
      return queryClient.invalidateQueries({ queryKey: queryKeys.people });
    },
  });
}
