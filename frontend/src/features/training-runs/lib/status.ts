/** What state a training run is in, in words. */

import type { JobProgress, JobStatus, TrainingRun } from "../../../shared/api/types";
import { formatCount } from "../../../shared/lib/format";

/** Whether it can be queued again: what it had saved is kept. */
export function canResume({ status }: Pick<TrainingRun, "status">): boolean {
  return status === "failed" || status === "cancelled";
}

const WORDS: Record<JobStatus, string> = {
  queued: "queued",
  running: "running",
  succeeded: "succeeded",
  failed: "failed",
  cancelled: "cancelled",
};

/** "queued, next", "queued, place 3", "running". */
export function statusWords({
  status,
  position,
}: Pick<TrainingRun, "status" | "position">): string {
  if (status !== "queued" || position === null) {
    return WORDS[status];
  }
  return position === 1 ? "queued, next" : `queued, place ${position}`;
}

/** Share of the stage that is done, 0 to 1; null where it is not known. */
export function progressShare(progress: JobProgress | null): number | null {
  if (!progress || progress.total <= 0) {
    return null;
  }
  return Math.min(1, Math.max(0, progress.done / progress.total));
}

/** "Tokens, 120 of 2 000"; without numbers while nobody knows them. */
export function progressWords(progress: JobProgress | null): string {
  if (!progress) {
    return "Starting";
  }
  const { stage, done, total } = progress;
  return total > 0 ? `${stage}, ${formatCount(done)} of ${formatCount(total)}` : stage;
}

export function modeWords(mode: "quick" | "full"): string {
  return mode === "quick" ? "Quick" : "Full";
}

/** How long it has run, in seconds; null: it has not begun. `now` in milliseconds since 1970. */
export function secondsRun(
  run: Pick<TrainingRun, "started_at" | "finished_at">,
  now: number,
): number | null {
  if (run.started_at === null) {
    return null;
  }
  const end = run.finished_at === null ? now : Date.parse(run.finished_at);
  return Math.max(0, (end - Date.parse(run.started_at)) / 1000);
}
