import { queryOptions, useQuery } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { Label } from "../../../shared/api/types";

async function listLabels(caseId: string, signal: AbortSignal): Promise<Label[]> {
  const params = { path: { case_id: caseId } };
  const { items } = await unwrap(client.GET("/api/v1/cases/{case_id}/labels", { params, signal }));
  return items;
}

export function labelsOptions(caseId: string) {
  return queryOptions({
    queryKey: queryKeys.labels(caseId),
    queryFn: ({ signal }) => listLabels(caseId, signal),
  });
}

/** Of a case, as far as one may see them: always one's own. */
export function useLabels(caseId: string) {
  return useQuery(labelsOptions(caseId));
}
