import { Link } from "react-router";
import { useMay } from "../../../shared/account/account-context";
import type { ModelVersion } from "../../../shared/api/types";
import table from "../../../shared/components/data-table.module.css";
import { Tag } from "../../../shared/components/tag";
import { formatCount, formatDateTime, formatNumber } from "../../../shared/lib/format";
import { bmacOf } from "../lib/figures";
import { VersionActions } from "./version-actions";
import classes from "./version-table.module.css";

interface VersionTableProps {
  dataset: string;
  /** Of this data set, the active one first. */
  versions: readonly ModelVersion[];
  onPromote: (model: ModelVersion) => void;
}

/** The versions of one data set with their figures and where they come from. */
export function VersionTable({ dataset, versions, onPromote }: VersionTableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways, and the keyboard must be able to
    <section className={table.scroll} aria-label={`Versions of ${dataset}, table`} tabIndex={0}>
      <table className={`${table.table} ${classes.versions}`}>
        <caption className="visually-hidden">Versions of {dataset}</caption>
        <thead>
          <tr>
            <th scope="col">Version</th>
            <th scope="col" className={classes.number} title="Balanced accuracy of the class">
              Class BMAC, test
            </th>
            <th scope="col" className={classes.number} title="Balanced accuracy of the concepts">
              Concept BMAC, test
            </th>
            <th scope="col" className={classes.number}>
              Test images
            </th>
            <th scope="col">Parent</th>
            <th scope="col">Made by</th>
            <th scope="col">Registered</th>
            <th scope="col">
              <span className="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {versions.map((model) => (
            <VersionRow
              key={model.id}
              model={model}
              versions={versions}
              onPromote={() => onPromote(model)}
            />
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface VersionRowProps {
  model: ModelVersion;
  versions: readonly ModelVersion[];
  onPromote: () => void;
}

function VersionRow({ model, versions, onPromote }: VersionRowProps) {
  const { images, classBmac, conceptBmac } = bmacOf(model.metrics);
  return (
    <tr data-active={model.active}>
      <th scope="row" className={classes.name}>
        <Link className={classes.link} to={`/models/${model.id}`}>
          {model.name}
        </Link>{" "}
        <span className={classes.tags}>
          {model.active && <Tag tone="accent">active</Tag>}
          {model.synthetic && <Tag title="Trained on synthetic images only">synthetic</Tag>}
        </span>
        <p className={classes.note}>{model.concept_set.title}</p>
      </th>
      <td className={classes.number}>{figure(classBmac)}</td>
      <td className={classes.number}>{figure(conceptBmac)}</td>
      <td className={classes.number}>{images === null ? "—" : formatCount(images)}</td>
      <td>
        {model.parent ? (
          <Link className={table.link} to={`/models/${model.parent.id}`}>
            {model.parent.name}
          </Link>
        ) : (
          <span className={table.dim}>none here</span>
        )}
      </td>
      <td>
        <MadeBy model={model} />
      </td>
      <td className={`${table.dim} ${table.line}`}>{formatDateTime(model.created_at)}</td>
      <td className={classes.actions}>
        <VersionActions model={model} models={versions} onPromote={onPromote} />
      </td>
    </tr>
  );
}

/** The training run, for those who may look at it. */
export function MadeBy({ model }: { model: Pick<ModelVersion, "training_run_id"> }) {
  const seesRuns = useMay("datasets:read");
  if (model.training_run_id === null) {
    // Whoever may not look at runs is not told of them either.
    return <span className={table.dim}>{seesRuns ? "not trained here" : "—"}</span>;
  }
  return seesRuns ? (
    <Link className={table.link} to={`/training/${model.training_run_id}`}>
      training run
    </Link>
  ) : (
    "training run"
  );
}

function figure(value: number | null): string {
  return value === null ? "—" : formatNumber(value, 3);
}
