import { Link } from "react-router";
import type { TrainingRun } from "../../../shared/api/types";
import table from "../../../shared/components/data-table.module.css";
import { formatDateTime, formatNumber } from "../../../shared/lib/format";
import { isUnended } from "../../../shared/lib/job-status";
import { useNow } from "../hooks/use-now";
import { formatDuration } from "../lib/duration";
import { modeWords, secondsRun } from "../lib/status";
import { CancelRunButton } from "./cancel-run-button";
import { ResumeRunButton } from "./resume-run-button";
import { RunProgress } from "./run-progress";
import { RunStatus } from "./run-status";
import classes from "./run-table.module.css";

interface RunTableProps {
  runs: readonly TrainingRun[];
  /** What people call a data set; its id where that is not known. */
  datasetTitle: (datasetId: string) => string;
}

export function RunTable({ runs, datasetTitle }: RunTableProps) {
  const now = useNow(runs.some(isUnended));
  return (
    <table className={`${table.table} ${classes.runs} ${classes.table}`}>
      <caption className="visually-hidden">Training runs, newest first</caption>
      <thead>
        <tr>
          <th scope="col">Run</th>
          <th scope="col" className={classes.status}>
            Status
          </th>
          <th scope="col">Data and concepts</th>
          <th scope="col" className={classes.number} title="Balanced accuracy, validation split">
            Class BMAC, validation
          </th>
          <th scope="col" className={classes.number} title="Balanced accuracy, validation split">
            Concept BMAC, validation
          </th>
          <th scope="col">Started by</th>
          <th scope="col">Took</th>
          <th scope="col">
            <span className="visually-hidden">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {runs.map((run) => (
          <RunRow key={run.id} run={run} title={datasetTitle(run.dataset_id)} now={now} />
        ))}
      </tbody>
    </table>
  );
}

function RunRow({ run, title, now }: { run: TrainingRun; title: string; now: number }) {
  const seconds = secondsRun(run, now);
  return (
    <tr>
      <th scope="row" className={classes.name}>
        <Link className={table.link} to={`/training/${run.id}`}>
          {run.name}
        </Link>
        <p className={classes.note}>
          {modeWords(run.settings.mode)} ·{" "}
          {run.parent ? (
            <>
              from{" "}
              <Link className={table.link} to={`/models/${run.parent.id}`}>
                {run.parent.name}
              </Link>
            </>
          ) : (
            "without a parent"
          )}
        </p>
      </th>
      <td className={classes.status}>
        <Status run={run} />
      </td>
      <td>
        <Link className={table.link} to={`/datasets/${run.dataset_id}`}>
          {title}
        </Link>
        <p className={classes.note}>
          <Link className={table.link} to={`/concept-sets/${run.concept_set.id}`}>
            {run.concept_set.title}
          </Link>
          , revision {run.concept_set.number}
        </p>
      </td>
      <td className={classes.number}>{figure(run.validation?.class_bmac)}</td>
      <td className={classes.number}>{figure(run.validation?.concept_bmac)}</td>
      <td>
        {run.created_by?.name ?? "Vitrine"}
        <p className={`${classes.note} ${table.line}`}>{formatDateTime(run.created_at)}</p>
      </td>
      <td className={table.line}>{seconds === null ? "–" : formatDuration(seconds)}</td>
      <td className={table.buttons}>
        <CancelRunButton run={run} compact />
        <ResumeRunButton run={run} compact />
        {run.model && (
          <Link
            className={table.link}
            to={`/models/${run.model.id}`}
            aria-label={`Open the model ${run.model.name}`}
          >
            Open model
          </Link>
        )}
      </td>
    </tr>
  );
}

function Status({ run }: { run: TrainingRun }) {
  if (run.status === "running") {
    return (
      <div className={classes.bar}>
        <RunStatus run={run} />
        <RunProgress run={run} />
      </div>
    );
  }
  return (
    <>
      <RunStatus run={run} />
      {run.error && (
        <p className={classes.error} title={run.error}>
          {run.error}
        </p>
      )}
    </>
  );
}

const figure = (value: number | null | undefined) =>
  value === null || value === undefined ? "–" : formatNumber(value, 3);
