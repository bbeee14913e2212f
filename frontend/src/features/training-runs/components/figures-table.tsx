import { Fragment } from "react";
import { Link } from "react-router";
import type { SplitFigures, TrainingRunDetail } from "../../../shared/api/types";
import table from "../../../shared/components/data-table.module.css";
import { Notice } from "../../../shared/components/notice";
import { formatCount, formatNumber, formatSigned } from "../../../shared/lib/format";
import { isUnended } from "../../../shared/lib/job-status";
import { figureRows } from "../lib/figures";
import classes from "./figures-table.module.css";

const DIGITS = 3;
const figure = (value: number | null) => (value === null ? "–" : formatNumber(value, DIGITS));

/** A run's figures beside its parent's, and whether the two may be held against each other. */
export function FiguresTable({ run }: { run: TrainingRunDetail }) {
  const parent = run.parent_figures;
  const splits = [
    { name: "Validation", own: run.validation, parent: parent?.validation ?? null },
    { name: "Test", own: run.test, parent: parent?.test ?? null },
  ];
  return (
    <>
      {parent && !parent.same_data && (
        <div className={classes.warning}>
          <Notice tone="warning" title="Not of the same data">
            The parent’s figures were measured on other images. The differences say little; compare
            the two versions on one test split.
          </Notice>
        </div>
      )}
      <div className={classes.scroll}>
        <table className={`${table.table} ${classes.figures}`}>
          <caption className="visually-hidden">
            Figures of this run{parent && " beside its parent’s"}
          </caption>
          <thead>
            <tr>
              <th scope="col">Figure</th>
              <th scope="col">This run</th>
              {parent && (
                <>
                  <th scope="col">
                    <Link className={table.link} to={`/models/${parent.model.id}`}>
                      {parent.model.name}
                    </Link>
                  </th>
                  <th scope="col">Difference</th>
                </>
              )}
            </tr>
          </thead>
          <tbody>
            {splits.map((split) => (
              <Fragment key={split.name}>
                <tr className={classes.split}>
                  <th scope="rowgroup">{split.name}</th>
                  <td>{images(split.own)}</td>
                  {parent && (
                    <>
                      <td>{images(split.parent)}</td>
                      <td />
                    </>
                  )}
                </tr>
                {figureRows(split.own, split.parent).map((row) => (
                  <tr key={row.label}>
                    <th scope="row">{row.label}</th>
                    <td className={classes.own}>{figure(row.own)}</td>
                    {parent && (
                      <>
                        <td>{figure(row.parent)}</td>
                        <td>
                          {row.difference === null ? "–" : formatSigned(row.difference, DIGITS)}
                        </td>
                      </>
                    )}
                  </tr>
                ))}
              </Fragment>
            ))}
          </tbody>
        </table>
      </div>
      <p className={classes.notes}>{noteOf(run)}</p>
    </>
  );
}

function images(figures: SplitFigures | null): string {
  const count = figures?.images ?? null;
  return count === null ? "" : `${formatCount(count)} images`;
}

function noteOf(run: TrainingRunDetail): string {
  const higher = "Higher is better; differences are this run minus its parent.";
  const what = run.parent_figures ? higher : "Higher is better.";
  if (run.status === "succeeded") {
    return `${what} Of the weights that were kept.`;
  }
  if (run.validation === null) {
    return isUnended(run)
      ? `${what} The first figures come with the first epoch.`
      : `${what} No epoch has ended.`;
  }
  return isUnended(run)
    ? `${what} Of the latest epoch so far; the test split is measured at the end.`
    : `${what} Of the last epoch that ended.`;
}
