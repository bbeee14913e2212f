import {
  IconCircleCheck,
  IconCircleMinus,
  IconCircleX,
  IconClock,
  IconPlayerPlay,
} from "@tabler/icons-react";
import type { TrainingRun } from "../../../shared/api/types";
import { statusWords } from "../lib/status";
import classes from "./run-status.module.css";

const ICONS = {
  queued: IconClock,
  running: IconPlayerPlay,
  succeeded: IconCircleCheck,
  failed: IconCircleX,
  cancelled: IconCircleMinus,
};

/** Status and place in the queue, by icon and words. */
export function RunStatus({ run }: { run: Pick<TrainingRun, "status" | "position"> }) {
  const Icon = ICONS[run.status];
  return (
    <span className={classes.status} data-status={run.status}>
      <Icon size={14} aria-hidden />
      {statusWords(run)}
    </span>
  );
}
