import { Link } from "react-router";
import type { Dataset } from "../../../shared/api/types";
import table from "../../../shared/components/data-table.module.css";
import { Tag } from "../../../shared/components/tag";
import { formatCount, formatDateTime } from "../../../shared/lib/format";
import { headings, isRunning } from "../lib/status";
import { CancelImportButton } from "./cancel-import-button";
import classes from "./dataset-table.module.css";
import { DeleteDatasetButton } from "./delete-dataset-button";
import { ImportFailure } from "./import-failure";
import { ImportProgressBar } from "./import-progress";

interface DatasetTableProps {
  datasets: readonly Dataset[];
  /** Opens the import dialog with the settings of an import that ended badly. */
  onRetry: (dataset: Dataset) => void;
}

export function DatasetTable({ datasets, onRetry }: DatasetTableProps) {
  return (
    <table className={`${table.table} ${classes.datasets}`}>
      <caption className="visually-hidden">Data sets</caption>
      <thead>
        <tr>
          <th scope="col">Data set</th>
          <th scope="col">Modality</th>
          <th scope="col" className={classes.status}>
            Status
          </th>
          <th scope="col" className={classes.number}>
            Images
          </th>
          <th scope="col">Classes</th>
          <th scope="col">Added</th>
        </tr>
      </thead>
      <tbody>
        {datasets.map((dataset) => (
          <DatasetRows key={dataset.id} dataset={dataset} onRetry={() => onRetry(dataset)} />
        ))}
      </tbody>
    </table>
  );
}

function DatasetRows({ dataset, onRetry }: { dataset: Dataset; onRetry: () => void }) {
  const { main, other } = headings(dataset);
  const ended = dataset.status === "failed" || dataset.status === "cancelled";
  return (
    <>
      <tr data-ended={ended}>
        <th scope="row" className={classes.name}>
          <Link className={classes.link} to={`/datasets/${dataset.id}`}>
            {main}
          </Link>{" "}
          {dataset.synthetic && <Tag>Synthetic images</Tag>}
          <p className={classes.note}>{other}</p>
        </th>
        <td>{dataset.modality}</td>
        <td className={classes.status}>
          <Status dataset={dataset} />
        </td>
        <td className={classes.number}>
          {dataset.images === null ? "—" : formatCount(dataset.images)}
        </td>
        <td>
          <ClassNames dataset={dataset} />
        </td>
        <td className={`${table.dim} ${table.line}`}>
          {dataset.created_at ? formatDateTime(dataset.created_at) : "comes with Vitrine"}
        </td>
      </tr>
      {ended && (
        <tr className={classes.detail}>
          <td colSpan={6}>
            <ImportFailure
              dataset={dataset}
              onRetry={onRetry}
              actions={<DeleteDatasetButton dataset={dataset} onDeleted={() => undefined} />}
            />
          </td>
        </tr>
      )}
    </>
  );
}

function Status({ dataset }: { dataset: Dataset }) {
  if (isRunning(dataset)) {
    return (
      <div className={classes.running}>
        <ImportProgressBar dataset={dataset} />
        <CancelImportButton dataset={dataset} />
      </div>
    );
  }
  const words = {
    ready: "ready",
    failed: "import failed",
    cancelled: "import cancelled",
    importing: "",
  };
  return (
    <span className={classes.state} data-status={dataset.status}>
      {words[dataset.status]}
    </span>
  );
}

const SHOWN_CLASSES = 4;

function ClassNames({ dataset }: { dataset: Dataset }) {
  const names = dataset.classes.map(({ name }) => name);
  if (names.length === 0) {
    return <span className={`${table.dim} ${table.line}`}>—</span>;
  }
  const rest = names.length - SHOWN_CLASSES;
  return (
    <span className={classes.classes} title={names.join(", ")}>
      {names.slice(0, SHOWN_CLASSES).join(", ")}
      {rest > 0 && ` and ${rest} more`}
    </span>
  );
}
