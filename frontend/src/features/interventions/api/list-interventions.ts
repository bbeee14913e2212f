import { queryOptions, useQuery } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { Intervention } from "../../../shared/api/types";

async function listInterventions(caseId: string, signal: AbortSignal): Promise<Intervention[]> {
  const params = { path: { case_id: caseId } };
  const { items } = await unwrap(
    client.GET("/api/v1/cases/{case_id}/interventions", { params, signal }),
  );
  return items;
}

export function interventionsOptions(caseId: string) {
  return queryOptions({
    queryKey: queryKeys.interventions(caseId),
    queryFn: ({ signal }) => listInterventions(caseId, signal),
  });
}

/** Of all predictions of a case, newest first. */
export function useInterventions(caseId: string) {
  return useQuery(interventionsOptions(caseId));
}
