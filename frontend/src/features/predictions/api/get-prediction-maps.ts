import { queryOptions, skipToken, useQuery } from "@tanstack/react-query";
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
export function predictionMapsOptions(predictionId: string | null, kind: MapKind) {
  return queryOptions({
    queryKey: queryKeys.maps(predictionId ?? "none", kind),
    queryFn:
      predictionId === null
        ? skipToken
        : ({ signal }) => getPredictionMaps(predictionId, kind, signal),
    // A prediction never changes.
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Asks for nothing while there is no prediction. */
export function usePredictionMaps(predictionId: string | null, kind: MapKind) {
  return useQuery(predictionMapsOptions(predictionId, kind));
}
