import { queryOptions, useQuery } from "@tanstack/react-query";
import { ApiError } from "../../../shared/api/api-error";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { Evidence } from "../../../shared/api/types";

function getEvidence(modelVersionId: string, signal: AbortSignal): Promise<Evidence> {
  const params = { path: { model_version_id: modelVersionId } };
  return unwrap(client.GET("/api/v1/models/{model_version_id}/evidence", { params, signal }));
}

export function evidenceOptions(modelVersionId: string) {
  return queryOptions({
    queryKey: queryKeys.evidence(modelVersionId),
    queryFn: ({ signal }) => getEvidence(modelVersionId, signal),
    // It changes only where somebody has the model measured again.
    staleTime: 60_000,
  });
}

/** What was measured of a model, wherever it came from. */
export function useEvidence(modelVersionId: string) {
  return useQuery(evidenceOptions(modelVersionId));
}

/** Nobody has measured the model: no failure, and its words say what to do. */
export function isMissing(error: unknown): error is ApiError {
  return error instanceof ApiError && error.code === "evidence_missing";
}
