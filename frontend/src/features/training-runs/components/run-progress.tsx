import type { ReactNode } from "react";
import type { TrainingRun } from "../../../shared/api/types";
import { progressShare, progressWords } from "../lib/status";
import classes from "./run-progress.module.css";

interface RunProgressProps {
  run: Pick<TrainingRun, "name" | "progress">;
  /** Beside the words, such as how long it has taken. */
  children?: ReactNode;
}

/** How far a run is: the stage in words, done of total, and a bar for the stage. */
export function RunProgress({ run: { name, progress }, children }: RunProgressProps) {
  const share = progressShare(progress);
  const words = progressWords(progress);
  return (
    <div className={classes.progress}>
      <span className={classes.words}>
        <span>{words}</span>
        {children && <span className={classes.times}>{children}</span>}
      </span>
      <div
        className={classes.track}
        role="progressbar"
        aria-label={`Training of ${name}`}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={share === null ? undefined : Math.floor(100 * share)}
        aria-valuetext={words}
      >
        <div
          className={classes.fill}
          data-unknown={share === null}
          style={{ width: share === null ? undefined : `${100 * share}%` }}
        />
      </div>
    </div>
  );
}
