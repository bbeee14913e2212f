import { queryOptions, useQuery } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { Case } from "../../../shared/api/types";

function getCase(caseId: string, signal: AbortSignal): Promise<Case> {
  const params = { path: { case_id: caseId } };
  return unwrap(client.GET("/api/v1/cases/{case_id}", { params, signal }));
}

export function caseOptions(caseId: string) {
  return queryOptions({
    queryKey: queryKeys.case(caseId),
    queryFn: ({ signal }) => getCase(caseId, signal),
  });
}

export function useCase(caseId: string) {
  return useQuery(caseOptions(caseId));
}
