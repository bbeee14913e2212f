import { type CSSProperties, useContext } from "react";
import type { StudyResultArm } from "../../../shared/api/types";
import table from "../../../shared/components/data-table.module.css";
import { formatCount } from "../../../shared/lib/format";
import { armOf, type Confusion, columnSums } from "../lib/rows";
import classes from "./confusion-table.module.css";
import { PlaceContext } from "./place-context";

interface ConfusionTableProps {
  confusion: Confusion;
  arms: readonly StudyResultArm[];
  /** What the rows are: the true class, or the right concept; under a sham arm that of the real map. */
  rowsAre: "Right" | "Truth";
}

/** What was right against what was chosen. Columns are numbered as the rows are, to stay narrow. */
export function ConfusionTable({ confusion, arms, rowsAre }: ConfusionTableProps) {
  const place = useContext(PlaceContext);
  const { labels, rows, arm_key } = confusion;
  const sums = columnSums(rows);
  const largest = Math.max(1, ...rows.flat());
  const name = armOf(arms, arm_key)?.name ?? arm_key;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways, and the keyboard must be able to
    <section className={table.scroll} aria-label={`${place}: ${name}`} tabIndex={0}>
      <table className={classes.table}>
        <caption className={classes.caption}>
          {rowsAre} and chosen: {name}
        </caption>
        <thead>
          <tr>
            <th scope="col" className={classes.corner}>
              {rowsAre} ↓, chosen →
            </th>
            {labels.map((label, column) => (
              <th key={label} scope="col" title={`Chosen: ${label}`}>
                <span aria-hidden>{column + 1}</span>
                <span className="visually-hidden">Chosen: {label}</span>
              </th>
            ))}
            <th scope="col">Sum</th>
          </tr>
        </thead>
        <tbody>
          {labels.map((label, row) => (
            <tr key={label}>
              <th scope="row">
                <span className={classes.ordinal} aria-hidden>
                  {row + 1}
                </span>
                {label}
              </th>
              {labels.map((chosen, column) => {
                const count = rows[row]?.[column] ?? 0;
                return (
                  <td
                    key={chosen}
                    className={classes.cell}
                    data-same={row === column}
                    data-empty={count === 0}
                    style={{ "--heat": count / largest } as CSSProperties}
                    title={`${rowsAre}: ${label}. Chosen: ${chosen}.`}
                  >
                    {formatCount(count)}
                  </td>
                );
              })}
              <td className={classes.sum}>
                {formatCount((rows[row] ?? []).reduce((sum, count) => sum + count, 0))}
              </td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">Sum</th>
            {labels.map((label, column) => (
              <td key={label} className={classes.sum}>
                {formatCount(sums[column] ?? 0)}
              </td>
            ))}
            <td className={classes.sum}>
              {formatCount(sums.reduce((sum, each) => sum + each, 0))}
            </td>
          </tr>
        </tfoot>
      </table>
    </section>
  );
}
