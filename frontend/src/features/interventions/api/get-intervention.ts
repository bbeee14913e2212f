import { queryOptions, skipToken, useQuery } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { Intervention } from "../../../shared/api/types";

function getIntervention(interventionId: string, signal: AbortSignal): Promise<Intervention> {
  const params = { path: { intervention_id: interventionId } };
  return unwrap(client.GET("/api/v1/interventions/{intervention_id}", { params, signal }));
}

export function interventionOptions(interventionId: string | null) {
  return queryOptions({
    queryKey: queryKeys.intervention(interventionId ?? "none"),
    queryFn:
      interventionId === null ? skipToken : ({ signal }) => getIntervention(interventionId, signal),
    // A stored intervention never changes.
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Asks for nothing without an id. */
export function useIntervention(interventionId: string | null) {
  return useQuery(interventionOptions(interventionId));
}
