import { queryOptions, useQuery } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { MapKind, Maps } from "../../../shared/api/types";

function getPredictionMaps(
  predictionId: string,
  kind: MapKind,
  signal: AbortSignal,
): Promise<Maps> {
  const params = {
    path: { prediction_id: predictionId, kind },
    query: { format: "json" as const },
  };
  return unwrap(client.GET("/api/v1/predictions/{prediction_id}/maps/{kind}", { params, signal }));
}

/** All maps of a kind at once, so that hovering from option to option needs no request. */
export function predictionMapsOptions(predictionId: string, kind: MapKind) {
  return queryOptions({
    queryKey: queryKeys.maps(predictionId, kind),
    queryFn: ({ signal }) => getPredictionMaps(predictionId, kind, signal),
    // A prediction never changes.
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function usePredictionMaps(predictionId: string, kind: MapKind) {
  return useQuery(predictionMapsOptions(predictionId, kind));
}
