import type { TrainingRunDetail } from "../../../shared/api/types";
import { Notice } from "../../../shared/components/notice";
import { formatDateTime } from "../../../shared/lib/format";
import { isUnended } from "../../../shared/lib/job-status";
import { useNow } from "../hooks/use-now";
import { formatDuration, formatRoughly } from "../lib/duration";
import { secondsLeft } from "../lib/run-events";
import { secondsRun } from "../lib/status";
import { ResumeRunButton } from "./resume-run-button";
import { RunProgress } from "./run-progress";
import classes from "./run-state.module.css";

/** Where a run stands: its place, how far it is, or how it ended. */
export function RunState({ run }: { run: TrainingRunDetail }) {
  const now = useNow(isUnended(run));
  const seconds = secondsRun(run, now);
  return (
    <div className={classes.state}>
      <LostWorker run={run} />
      {run.status === "queued" && (
        <p className={classes.line}>
          {queueWords(run.position)} You may leave this page: it begins by itself.
        </p>
      )}
      {run.status === "running" && (
        <RunProgress run={run}>
          {seconds !== null && `${formatDuration(seconds)} so far`}
          {leftWords(run)}
        </RunProgress>
      )}
      {run.status === "failed" && (
        <Notice
          tone="error"
          title="The training failed"
          live
          actions={<ResumeRunButton run={run} />}
        >
          {run.error ?? "No reason was recorded."}
        </Notice>
      )}
      {run.status === "cancelled" && (
        <Notice
          tone="info"
          title="The training was cancelled"
          actions={<ResumeRunButton run={run} />}
        >
          What it had saved is kept. Resumed, it goes on from there.
        </Notice>
      )}
      {run.model && run.model.name !== run.name && (
        <Notice tone="info" title={`The same weights as ${run.model.name}`}>
          Data, concepts, settings and seed were those of an earlier run, so nothing new came of it:
          there is no version {run.name}. Another seed or other settings give another one.
        </Notice>
      )}
      {!isUnended(run) && run.finished_at && (
        <p className={classes.line}>
          Ended {formatDateTime(run.finished_at)}
          {seconds !== null && `, after ${formatDuration(seconds)}`}
          {run.attempts > 1 && ` in attempt ${run.attempts}`}.
        </p>
      )}
    </div>
  );
}

/** A first attempt that is over while the run waits again was lost as well: one that is resumed counts anew. */
function LostWorker({ run: { status, attempts } }: { run: TrainingRunDetail }) {
  const lost = status === "running" ? attempts - 1 : status === "queued" ? attempts : 0;
  if (lost < 1) {
    return null;
  }
  return (
    <Notice tone="warning" title={`Attempt ${lost + 1}: a worker was lost`} live>
      The process that trained stopped answering. The run was queued again, which is done at most
      twice, and goes on from its last checkpoint.
    </Notice>
  );
}

function queueWords(position: number | null): string {
  if (position === null || position === 1) {
    return "It is next: it waits for a worker, or for the run before it to end.";
  }
  return position === 2
    ? "One training run comes before it."
    : `${position - 1} training runs come before it.`;
}

function leftWords(run: TrainingRunDetail): string {
  const left = secondsLeft(run);
  if (left === null) {
    return ", time left known after the first epoch";
  }
  return left > 0
    ? `, about ${formatRoughly(left)} of epochs left, less if it stops early`
    : ", epochs done";
}
