import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { EvidenceMeasurement } from "../../../shared/api/types";

function cancelMeasurement({
  id,
  model_version_id,
}: EvidenceMeasurement): Promise<EvidenceMeasurement> {
  const params = { path: { model_version_id, measurement_id: id } };
  return unwrap(
    client.POST("/api/v1/models/{model_version_id}/evidence/measurements/{measurement_id}/cancel", {
      params,
    }),
  );
}

export function useCancelMeasurement(measurement: EvidenceMeasurement) {
  const queryClient = useQueryClient();
  const queryKey = queryKeys.evidenceMeasurements(measurement.model_version_id);
  return useMutation({
    mutationFn: () => cancelMeasurement(measurement),
    // Also when it was refused: it may have ended meanwhile.
    onSettled: () => queryClient.invalidateQueries({ queryKey }),
  });
}
