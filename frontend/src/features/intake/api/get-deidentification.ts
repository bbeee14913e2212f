import { queryOptions, useQuery } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { DeidentificationRead } from "../../../shared/api/types";

function getDeidentification(caseId: string, signal: AbortSignal): Promise<DeidentificationRead> {
  const params = { path: { case_id: caseId } };
  return unwrap(client.GET("/api/v1/cases/{case_id}/deidentification", { params, signal }));
}

export function deidentificationOptions(caseId: string) {
  return queryOptions({
    queryKey: queryKeys.deidentification(caseId),
    queryFn: ({ signal }) => getDeidentification(caseId, signal),
  });
}

/** What was taken out of a case's file. Never what it said. */
export function useDeidentification(caseId: string) {
  return useQuery(deidentificationOptions(caseId));
}
