import { queryOptions, useQuery } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { ConceptSet } from "../../../shared/api/types";

function getConceptSet(setId: string, signal: AbortSignal): Promise<ConceptSet> {
  const params = { path: { concept_set_id: setId } };
  return unwrap(client.GET("/api/v1/concept-sets/{concept_set_id}", { params, signal }));
}

export function conceptSetOptions(setId: string) {
  return queryOptions({
    queryKey: queryKeys.conceptSet(setId),
    queryFn: ({ signal }) => getConceptSet(setId, signal),
  });
}

export function useConceptSet(setId: string) {
  return useQuery(conceptSetOptions(setId));
}
