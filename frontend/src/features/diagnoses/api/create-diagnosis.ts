import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { Diagnosis } from "../../../shared/api/types";

export interface DiagnosisQuestion {
  model_version_id: string;
  dataset_id: string;
  split: Diagnosis["split"];
}

function createDiagnosis(question: DiagnosisQuestion): Promise<Diagnosis> {
  // How many images are drawn and the seed are the server's own, so that diagnoses can be compared.
  return unwrap(client.POST("/api/v1/diagnoses", { body: { ...question, drawn: 500, seed: 0 } }));
}

/** Queues a diagnosis; the answer comes at once, the rest shows in its progress. */
export function useCreateDiagnosis() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: createDiagnosis,
    onSuccess: () => queryClient.invalidateQueries({ queryKey: queryKeys.diagnoses }),
  });
}
