import { queryOptions, useQuery } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { CaseDisplay } from "../../../shared/api/types";

function getCaseDisplay(caseId: string, signal: AbortSignal): Promise<CaseDisplay> {
  const params = { path: { case_id: caseId } };
  return unwrap(client.GET("/api/v1/cases/{case_id}/display", { params, signal }));
}

export function caseDisplayOptions(caseId: string) {
  return queryOptions({
    queryKey: queryKeys.caseDisplay(caseId),
    queryFn: ({ signal }) => getCaseDisplay(caseId, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Asks for nothing where no values are kept. */
export function useCaseDisplay(caseId: string, valuesKept: boolean) {
  return useQuery({ ...caseDisplayOptions(caseId), enabled: valuesKept });
}
