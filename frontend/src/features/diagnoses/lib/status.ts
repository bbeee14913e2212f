import type { Diagnosis } from "../../../shared/api/types";

/** Whether something about it will still change by itself. */
export function isUnended({ status }: Pick<Diagnosis, "status">): boolean {
  return status === "queued" || status === "running";
}

/** The newest one of several that are listed newest first that has a result. */
export function newestDone(diagnoses: readonly Diagnosis[]): Diagnosis | undefined {
  return diagnoses.find(({ status }) => status === "succeeded");
}
