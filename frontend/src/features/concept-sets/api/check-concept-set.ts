import { keepPreviousData, queryOptions, useMutation, useQuery } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type {
  ConceptSetCheck,
  ConceptSetCheckCreate,
  ConceptSetContent,
} from "../../../shared/api/types";

function checkConceptSet(
  body: ConceptSetCheckCreate,
  signal?: AbortSignal,
): Promise<ConceptSetCheck> {
  return unwrap(client.POST("/api/v1/concept-sets/check", { body, signal: signal ?? null }));
}

/** A question although it is a POST: nothing is kept of it. */
export function checkOptions(content: ConceptSetContent, baseId: string) {
  return queryOptions({
    queryKey: queryKeys.conceptCheck(JSON.stringify(content), baseId),
    queryFn: ({ signal }) =>
      checkConceptSet({ content: { ...content }, base_revision_id: baseId }, signal),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
    placeholderData: keepPreviousData,
  });
}

/** What saving would say. Not asked where nothing could be saved. */
export function useCheck(content: ConceptSetContent, baseId: string, wanted: boolean) {
  return useQuery({ ...checkOptions(content, baseId), enabled: wanted });
}

/** The same for a file that somebody brings. */
export function useCheckYaml(baseId: string | null) {
  return useMutation({
    mutationFn: (yaml: string) => checkConceptSet({ yaml, base_revision_id: baseId }),
  });
}
