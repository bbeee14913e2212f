import type { CodePrediction, Prediction } from "../../../shared/api/types";
import { formatNumber } from "../../../shared/lib/format";

/** A code has a concept's name only together with the association that was measured for it. */
export function codeName(code: CodePrediction, prediction: Prediction): string {
  const group = prediction.groups.find(({ key }) => key === code.group_key);
  return group && code.association !== null
    ? `${group.name} · ${formatNumber(code.association)}`
    : "no measured association";
}
