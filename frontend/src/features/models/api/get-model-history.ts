import { queryOptions, useQuery } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { ModelEpoch } from "../../../shared/api/types";

function getModelHistory(modelVersionId: string, signal: AbortSignal): Promise<ModelEpoch[]> {
  const params = { path: { model_version_id: modelVersionId } };
  return unwrap(client.GET("/api/v1/models/{model_version_id}/history", { params, signal }));
}

export function modelHistoryOptions(modelVersionId: string) {
  return queryOptions({
    queryKey: queryKeys.modelHistory(modelVersionId),
    queryFn: ({ signal }) => getModelHistory(modelVersionId, signal),
    // A training that has ended never changes.
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** The epochs of its training; none where they were not recorded. Null: of no model, so that nothing is asked. */
export function useModelHistory(modelVersionId: string | null) {
  return useQuery({
    ...modelHistoryOptions(modelVersionId ?? ""),
    enabled: modelVersionId !== null,
  });
}
