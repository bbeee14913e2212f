import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { EvidenceCreate, EvidenceMeasurement } from "../../../shared/api/types";

type Question = Pick<EvidenceCreate, "dataset_id" | "split">;

function createMeasurement(
  modelVersionId: string,
  question: Question,
): Promise<EvidenceMeasurement> {
  const params = { path: { model_version_id: modelVersionId } };
  // How many images are drawn and the seed are the server's own, so that measurements can be compared.
  const body = { ...question, drawn: 500, seed: 0 };
  return unwrap(client.POST("/api/v1/models/{model_version_id}/evidence", { params, body }));
}

/** Queues a measurement; the answer comes at once, the rest shows in its progress. */
export function useCreateMeasurement(modelVersionId: string) {
  const queryClient = useQueryClient();
  const queryKey = queryKeys.evidenceMeasurements(modelVersionId);
  return useMutation({
    mutationFn: (question: Question) => createMeasurement(modelVersionId, question),
    onSuccess: () => queryClient.invalidateQueries({ queryKey }),
  });
}
