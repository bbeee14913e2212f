import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { Diagnosis } from "../../../shared/api/types";

function cancelDiagnosis(diagnosisId: string): Promise<Diagnosis> {
  const params = { path: { diagnosis_id: diagnosisId } };
  return unwrap(client.POST("/api/v1/diagnoses/{diagnosis_id}/cancel", { params }));
}

export function useCancelDiagnosis(diagnosisId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => cancelDiagnosis(diagnosisId),
    // Also when it was refused: it may have ended meanwhile.
    onSettled: () => queryClient.invalidateQueries({ queryKey: queryKeys.diagnoses }),
  });
}
