/** A training run as it was read, and what has happened since. */

import type { JobProgress, JobStatus, TrainingRunDetail } from "../../../shared/api/types";
import { following, type ServerEvent } from "../../../shared/hooks/use-event-source-inbox";

type Epoch = TrainingRunDetail["epochs"][number];

/** Those with a number, which are kept; and those that pass. */
export const KEPT_KINDS = ["status", "stage", "epoch", "log"] as const;
export const PASSING_KINDS = ["progress"] as const;

const STATUSES: readonly JobStatus[] = ["queued", "running", "succeeded", "failed", "cancelled"];
/** As many lines as the server sends. */
const MOST_LINES = 500;

export interface FollowedRun {
  run: TrainingRunDetail;
  /** An event is missing: the run has to be read anew. */
  gap: boolean;
  /** Its status has changed since it was read, and with it what only the server can tell. */
  moved: boolean;
}

/**
 * The run after all events that are later than what was read. Nothing depends on when it was read: the same events with
 * an older or a newer reading give the same run, so none is lost and none counts twice.
 */
export function followRun(read: TrainingRunDetail, events: readonly ServerEvent[]): FollowedRun {
  const { events: later, gap } = following(events, read.last_sequence);
  const run = later.reduce(apply, read);
  return { run, gap, moved: later.some(({ kind }) => kind === "status") };
}

function apply(run: TrainingRunDetail, event: ServerEvent): TrainingRunDetail {
  const next = { ...run, last_sequence: event.sequence };
  const { data } = event;
  switch (event.kind) {
    case "status":
      return withStatus(next, data);
    case "stage":
      return typeof data.stage === "string"
        ? { ...next, progress: { stage: data.stage, done: 0, total: 0 } }
        : next;
    case "epoch":
      return isEpoch(data) ? withEpoch(next, data) : next;
    case "log":
      return typeof data.text === "string" ? withLine(next, event, data.text) : next;
    default:
      // From a later version: it has its number, and nothing is shown of it.
      return next;
  }
}

function withStatus(run: TrainingRunDetail, data: Record<string, unknown>): TrainingRunDetail {
  const status = STATUSES.find((known) => known === data.status);
  if (!status) {
    return run;
  }
  return {
    ...run,
    status,
    attempts: typeof data.attempt === "number" ? data.attempt : run.attempts,
    position: status === "queued" ? run.position : null,
    progress: status === "running" ? run.progress : null,
    error: typeof data.error === "string" ? data.error : null,
  };
}

/** What was read may already have lines that came in while it was being read: the number tells. */
function withLine(run: TrainingRunDetail, event: ServerEvent, text: string): TrainingRunDetail {
  const { sequence } = event;
  if (run.log.some((line) => line.sequence === sequence)) {
    return run;
  }
  return { ...run, log: [...run.log, { sequence, at: timeOf(event), text }].slice(-MOST_LINES) };
}

/** An attempt that goes on from a checkpoint may end an epoch a second time: the later one counts. */
function withEpoch(run: TrainingRunDetail, epoch: Epoch): TrainingRunDetail {
  const epochs = [...run.epochs.filter((known) => known.epoch < epoch.epoch), epoch];
  return {
    ...run,
    epochs,
    epochs_done: epochs.length,
    epochs_planned: epoch.epochs,
    validation: epoch.validation,
  };
}

function isEpoch(data: Record<string, unknown>): data is Epoch {
  const parts = [data.losses, data.validation_losses, data.train, data.validation];
  return (
    typeof data.epoch === "number" &&
    typeof data.epochs === "number" &&
    parts.every((part) => typeof part === "object" && part !== null)
  );
}

function timeOf({ data, at }: ServerEvent): string {
  return typeof data.at === "string" ? data.at : new Date(at).toISOString();
}

/** What a `progress` event says. */
export function progressOf(data: Record<string, unknown>): JobProgress | null {
  const { stage, done, total } = data;
  return typeof stage === "string" && typeof done === "number" && typeof total === "number"
    ? { stage, done, total }
    : null;
}

/** Seconds that the epochs to come may take, from the latest ones; null while nobody can say. */
export function secondsLeft(run: TrainingRunDetail): number | null {
  const latest = run.epochs.flatMap(({ seconds }) => (seconds === null ? [] : [seconds])).slice(-3);
  if (run.epochs_planned === null || latest.length === 0 || run.status !== "running") {
    return null;
  }
  const mean = latest.reduce((sum, seconds) => sum + seconds, 0) / latest.length;
  return mean * Math.max(0, run.epochs_planned - run.epochs_done);
}
