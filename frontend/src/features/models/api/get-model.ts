import { queryOptions, useQuery } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { ModelVersionDetail } from "../../../shared/api/types";

function getModel(modelVersionId: string, signal: AbortSignal): Promise<ModelVersionDetail> {
  const params = { path: { model_version_id: modelVersionId } };
  return unwrap(client.GET("/api/v1/models/{model_version_id}", { params, signal }));
}

export function modelOptions(modelVersionId: string) {
  return queryOptions({
    queryKey: queryKeys.model(modelVersionId),
    queryFn: ({ signal }) => getModel(modelVersionId, signal),
  });
}

export function useModel(modelVersionId: string) {
  return useQuery(modelOptions(modelVersionId));
}
