import { queryOptions, useQuery } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { DiagnosisDetail } from "../../../shared/api/types";
import { isUnended } from "../../../shared/lib/job-status";
import { PROGRESS_INTERVAL } from "./list-diagnoses";

function getDiagnosis(diagnosisId: string, signal: AbortSignal): Promise<DiagnosisDetail> {
  const params = { path: { diagnosis_id: diagnosisId } };
  return unwrap(client.GET("/api/v1/diagnoses/{diagnosis_id}", { params, signal }));
}

export function diagnosisOptions(diagnosisId: string) {
  return queryOptions({
    queryKey: queryKeys.diagnosis(diagnosisId),
    queryFn: ({ signal }) => getDiagnosis(diagnosisId, signal),
    // A result never changes, and it is large.
    staleTime: ({ state }) => (state.data && !isUnended(state.data) ? Number.POSITIVE_INFINITY : 0),
    refetchInterval: ({ state }) =>
      state.data && isUnended(state.data) ? PROGRESS_INTERVAL : false,
  });
}

/** Null: none is chosen yet, so that nothing is asked. */
export function useDiagnosis(diagnosisId: string | null) {
  return useQuery({ ...diagnosisOptions(diagnosisId ?? ""), enabled: diagnosisId !== null });
}

/** For `<img>`: the picture that a sheet of the result names by its path below /api/v1. */
export function sheetUrl(path: string): string {
  return `/api/v1/${path.replace(/^\/+/, "").replace(/^api\/v1\//, "")}`;
}
