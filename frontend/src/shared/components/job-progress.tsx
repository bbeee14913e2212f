import type { JobStatus, JobProgress as Progress } from "../api/types";
import { formatCount } from "../lib/format";
import classes from "./job-progress.module.css";

interface JobProgressProps {
  /** What is done, such as "Comparison of a and b". */
  label: string;
  job: { status: JobStatus; position: number | null; attempts: number; progress: Progress | null };
}

/** How far a queued or running job is: its place, or the stage with a bar. */
export function JobProgressBar({ label, job }: JobProgressProps) {
  const { progress, attempts } = job;
  const share =
    progress && progress.total > 0
      ? Math.min(1, Math.max(0, progress.done / progress.total))
      : null;
  const words = progressWords(job);
  return (
    <div className={classes.progress}>
      <span className={classes.words} role="status">
        {job.status === "queued" ? words : (progress?.stage ?? "Starting")}
        {attempts > 1 && `, attempt ${attempts} after a worker was lost`}
      </span>
      <div className={classes.line}>
        <div
          className={classes.track}
          role="progressbar"
          aria-label={label}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={share === null ? undefined : Math.floor(100 * share)}
          aria-valuetext={words}
        >
          {job.status === "running" && (
            <div
              className={classes.fill}
              data-unknown={share === null}
              style={{ width: share === null ? undefined : `${100 * share}%` }}
            />
          )}
        </div>
        <span className={classes.count}>
          {progress &&
            share !== null &&
            `${formatCount(progress.done)} of ${formatCount(progress.total)}`}
        </span>
      </div>
    </div>
  );
}

/** "Images, 120 of 500", "Waiting: number 2 in the queue". */
export function progressWords({ status, position, progress }: JobProgressProps["job"]): string {
  if (status === "queued") {
    return position === null
      ? "Waiting for its turn"
      : position === 1
        ? "Waiting: next in the queue"
        : `Waiting: number ${position} in the queue`;
  }
  if (!progress) {
    return "Starting";
  }
  const { stage, done, total } = progress;
  return total > 0 ? `${stage}, ${formatCount(done)} of ${formatCount(total)}` : stage;
}
