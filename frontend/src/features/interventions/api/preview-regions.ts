import { queryOptions, skipToken, useQuery } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { EditCreate, InterventionPreview } from "../../../shared/api/types";

function previewRegions(
  predictionId: string,
  edits: EditCreate[],
  signal: AbortSignal,
): Promise<InterventionPreview> {
  const params = { path: { prediction_id: predictionId } };
  return unwrap(
    client.POST("/api/v1/predictions/{prediction_id}/interventions/preview", {
      params,
      body: { edits },
      signal,
    }),
  );
}

export function regionPreviewOptions(predictionId: string, regions: EditCreate[]) {
  return queryOptions({
    queryKey: queryKeys.regionPreview(predictionId, JSON.stringify(regions)),
    queryFn:
      regions.length === 0
        ? skipToken
        : ({ signal }) => previewRegions(predictionId, regions, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/**
 * What region edits do to the scores; only the server has the patch tokens. The newest question wins: an older one
 * that nobody waits for any more is aborted. Until the answer comes the last one stays.
 */
export function useRegionPreview(predictionId: string, regions: EditCreate[]) {
  return useQuery({
    ...regionPreviewOptions(predictionId, regions),
    placeholderData: (previous) =>
      regions.length > 0 && previous?.prediction_id === predictionId ? previous : undefined,
  });
}
