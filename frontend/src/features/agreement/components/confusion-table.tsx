import type { CSSProperties } from "react";
import { formatCount } from "../../../shared/lib/format";
import { columnSums, confusionRows, type Subject } from "../lib/subjects";
import classes from "./confusion-table.module.css";

/** What people marked against what the model says. Columns are numbered as the rows are, to stay narrow. */
export function ConfusionTable({ subject }: { subject: Subject }) {
  const rows = confusionRows(subject);
  const sums = columnSums(rows);
  const largest = Math.max(1, ...rows.flatMap(({ cells }) => cells));
  return (
    <table className={classes.table}>
      <caption className={classes.caption}>
        <span className={classes.name}>{subject.name}</span>{" "}
        {subject.labelled === 0 ? "nothing marked yet" : `${formatCount(subject.labelled)} marked`}
      </caption>
      <thead>
        <tr>
          <th scope="col" className={classes.corner}>
            Person ↓, model →
          </th>
          {rows.map(({ answer }, column) => (
            <th key={answer} scope="col" title={`The model says: ${answer}`}>
              <span aria-hidden>{column + 1}</span>
              <span className="visually-hidden">Model: {answer}</span>
            </th>
          ))}
          <th scope="col">Sum</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ answer, cells, sum }, row) => (
          <tr key={answer}>
            <th scope="row">
              <span className={classes.ordinal} aria-hidden>
                {row + 1}
              </span>
              {answer}
            </th>
            {cells.map((count, column) => (
              <td
                key={rows[column]?.answer}
                className={classes.cell}
                data-same={row === column}
                data-empty={count === 0}
                style={{ "--heat": count / largest } as CSSProperties}
                title={`Person: ${answer}. Model: ${rows[column]?.answer}.`}
              >
                {formatCount(count)}
              </td>
            ))}
            <td className={classes.sum}>{formatCount(sum)}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">Sum</th>
          {sums.map((sum, column) => (
            <td key={rows[column]?.answer} className={classes.sum}>
              {formatCount(sum)}
            </td>
          ))}
          <td className={classes.sum}>{formatCount(subject.labelled)}</td>
        </tr>
      </tfoot>
    </table>
  );
}
