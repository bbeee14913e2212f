import { Fragment } from "react";
import type { TrainingEstimate } from "../../../shared/api/types";
import { Busy } from "../../../shared/components/busy";
import { Notice } from "../../../shared/components/notice";
import { QueryError } from "../../../shared/components/query-error";
import { capitalized, formatCount } from "../../../shared/lib/format";
import type { useTrainingEstimate } from "../api/estimate-training-run";
import { formatRoughly } from "../lib/duration";
import { ChangeList } from "./change-list";
import classes from "./estimate-panel.module.css";

interface EstimatePanelProps {
  estimate: ReturnType<typeof useTrainingEstimate>;
  /** Nothing is asked while something is missing in the form. */
  asked: boolean;
  /** The form has changed since, and the answer is on its way. */
  stale: boolean;
  hasParent: boolean;
}

/** What a run would take and mean, as the form stands; it follows the form by itself. */
export function EstimatePanel({ estimate, asked, stale, hasParent }: EstimatePanelProps) {
  return (
    <section className={classes.panel} aria-labelledby="training-estimate">
      <h2 id="training-estimate">What this would take and mean</h2>
      {stale && <span className={classes.updating}>updating</span>}
      <div aria-live="polite" aria-busy={stale}>
        {!asked ? (
          <p className={classes.note}>
            Choose a data set and a concept set; the estimate follows by itself.
          </p>
        ) : estimate.data ? (
          <Figures estimate={estimate.data} stale={stale} hasParent={hasParent} />
        ) : estimate.isError ? (
          <QueryError
            title="No estimate"
            error={estimate.error}
            onRetry={() => void estimate.refetch()}
          />
        ) : (
          <Busy>Estimating</Busy>
        )}
      </div>
    </section>
  );
}

interface FiguresProps {
  estimate: TrainingEstimate;
  stale: boolean;
  hasParent: boolean;
}

function Figures({ estimate, stale, hasParent }: FiguresProps) {
  const { problems, waiting, images } = estimate;
  const known = estimate.stages.length > 0;
  return (
    <div className={classes.figures} data-stale={stale}>
      {problems.length > 0 && (
        <Notice tone="error" title="It cannot be started as it is">
          <ul className={classes.problems}>
            {problems.map((problem) => (
              <li key={problem}>{problem}</li>
            ))}
          </ul>
        </Notice>
      )}
      <div>
        <h3>Time</h3>
        {known ? <Time estimate={estimate} /> : <p className={classes.note}>{estimate.basis}</p>}
      </div>
      <div>
        <h3>Queue</h3>
        <p className={classes.note}>{waitingWords(waiting)}</p>
      </div>
      {images && (
        <div>
          <h3>Images</h3>
          <p className={classes.note}>
            {formatCount(images.train)} for training, {formatCount(images.validation)} for
            validation, {formatCount(images.test)} for the test.
          </p>
        </div>
      )}
      {(problems.length === 0 || estimate.changes.length > 0) && (
        <div>
          <h3>What the edit means for the parent’s weights</h3>
          <ChangeList changes={estimate.changes} hasParent={hasParent} />
        </div>
      )}
    </div>
  );
}

function Time({ estimate }: { estimate: TrainingEstimate }) {
  const { seconds, low, high, basis, stages } = estimate;
  return (
    <>
      <p className={classes.time}>about {formatRoughly(seconds)}</p>
      <p className={classes.note}>
        Likely between {formatRoughly(low)} and {formatRoughly(high)}. {basis}
      </p>
      <dl className={classes.stages}>
        {stages.map((part) => (
          <Fragment key={part.stage}>
            <dt>{capitalized(part.stage)}</dt>
            <dd>{formatRoughly(part.seconds)}</dd>
          </Fragment>
        ))}
      </dl>
    </>
  );
}

function waitingWords(waiting: number): string {
  if (waiting === 0) {
    return "Nothing comes first: it begins at once.";
  }
  const runs = waiting === 1 ? "One training run comes" : `${waiting} training runs come`;
  return `${runs} first; one runs at a time on a device.`;
}
