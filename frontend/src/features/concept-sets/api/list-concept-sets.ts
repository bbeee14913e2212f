import { queryOptions, useQuery } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { ConceptSet } from "../../../shared/api/types";

async function listConceptSets(signal: AbortSignal): Promise<ConceptSet[]> {
  const { items } = await unwrap(client.GET("/api/v1/concept-sets", { signal }));
  return items;
}

export function conceptSetsOptions() {
  return queryOptions({
    queryKey: queryKeys.conceptSetList,
    queryFn: ({ signal }) => listConceptSets(signal),
  });
}

export function useConceptSets() {
  return useQuery(conceptSetsOptions());
}
