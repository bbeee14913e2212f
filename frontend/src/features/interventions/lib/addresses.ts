/** Where an intervention can be taken from, and laid beside its prediction. */

import type { Intervention } from "../../../shared/api/types";

export type ExportFormat = "pdf" | "json" | "csv";

export const EXPORT_FORMATS: readonly { format: ExportFormat; label: string }[] = [
  { format: "pdf", label: "PDF" },
  { format: "json", label: "JSON" },
  { format: "csv", label: "CSV" },
];

export function exportAddress(interventionId: string, format: ExportFormat): string {
  return `/api/v1/interventions/${interventionId}/export?format=${format}`;
}

export function compareAddress(
  intervention: Pick<Intervention, "id" | "case_id" | "prediction_id">,
): string {
  const { id, case_id: caseId, prediction_id: predictionId } = intervention;
  return `/cases/${caseId}/compare?left=prediction:${predictionId}&right=intervention:${id}`;
}
