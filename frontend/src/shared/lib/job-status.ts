/** What of a job is still to come. */

import type { JobStatus } from "../api/types";

/** Whether something about it will still change by itself. */
export function isUnended({ status }: { status: JobStatus }): boolean {
  return status === "queued" || status === "running";
}

/** The newest one of several that are listed newest first that has a result. */
export function newestDone<Job extends { status: JobStatus }>(
  jobs: readonly Job[],
): Job | undefined {
  return jobs.find(({ status }) => status === "succeeded");
}
