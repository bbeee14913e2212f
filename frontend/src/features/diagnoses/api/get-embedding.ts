import { queryOptions, useQuery } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { Embedding } from "../../../shared/api/types";

export type EmbeddingMethod = "umap" | "pca";

function getEmbedding(
  diagnosisId: string,
  method: EmbeddingMethod,
  signal: AbortSignal,
): Promise<Embedding> {
  const params = { path: { diagnosis_id: diagnosisId }, query: { method } };
  return unwrap(client.GET("/api/v1/diagnoses/{diagnosis_id}/embedding", { params, signal }));
}

export function embeddingOptions(diagnosisId: string, method: EmbeddingMethod) {
  return queryOptions({
    queryKey: queryKeys.embedding(diagnosisId, method),
    queryFn: ({ signal }) => getEmbedding(diagnosisId, method, signal),
    // It never changes.
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function useEmbedding(diagnosisId: string, method: EmbeddingMethod) {
  return useQuery(embeddingOptions(diagnosisId, method));
}
