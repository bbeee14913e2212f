import { useMutation } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import type { PersonLink } from "../../../shared/api/types";

function createPersonLink(personId: string): Promise<PersonLink> {
  const params = { path: { person_id: personId } };
  return unwrap(client.POST("/api/v1/people/{person_id}/link", { params }));
}

/** Earlier links do not work any more. The answer is the only place where this one ever stands. */
export function useCreatePersonLink(personId: string) {
  return useMutation({ mutationFn: () => createPersonLink(personId), gcTime: 0 });
}
