import type { ModelComparison } from "../../../shared/api/types";

/** Whether something about it will still change by itself. */
export function isUnended({ status }: Pick<ModelComparison, "status">): boolean {
  return status === "queued" || status === "running";
}
