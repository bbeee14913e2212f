import type { Dataset } from "../../../shared/api/types";
import { headings, progressShare, progressWords, stepWords } from "../lib/status";
import classes from "./import-progress.module.css";

/** How far an import is: the step in words, done of total, and a bar for the step. */
export function ImportProgressBar({ dataset }: { dataset: Dataset }) {
  const { progress } = dataset;
  const share = progressShare(progress);
  const words = progressWords(progress);
  return (
    <div className={classes.progress}>
      <span className={classes.words}>
        <span>{words}</span>
        <span className={classes.step}>{stepWords(progress)}</span>
      </span>
      <div
        className={classes.track}
        role="progressbar"
        aria-label={`Import of ${headings(dataset).main}`}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={share === null ? undefined : Math.floor(100 * share)}
        aria-valuetext={words}
      >
        {progress && (
          <div
            className={classes.fill}
            data-unknown={share === null}
            style={{ width: share === null ? undefined : `${100 * share}%` }}
          />
        )}
      </div>
    </div>
  );
}
