import { queryOptions, skipToken, useQuery } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { ModelHead } from "../../../shared/api/types";

function getModelHead(modelVersionId: string, signal: AbortSignal): Promise<ModelHead> {
  const params = { path: { model_version_id: modelVersionId } };
  return unwrap(client.GET("/api/v1/models/{model_version_id}/head", { params, signal }));
}

export function modelHeadOptions(modelVersionId: string | null) {
  return queryOptions({
    queryKey: queryKeys.modelHead(modelVersionId ?? "none"),
    queryFn:
      modelVersionId === null ? skipToken : ({ signal }) => getModelHead(modelVersionId, signal),
    // A model version never changes.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
  });
}

/** The weights behind the scores: with them the page recomputes a decision without a request. */
export function useModelHead(modelVersionId: string | null) {
  return useQuery(modelHeadOptions(modelVersionId));
}
