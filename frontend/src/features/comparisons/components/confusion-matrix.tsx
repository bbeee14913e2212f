import type { CSSProperties } from "react";
import { formatCount } from "../../../shared/lib/format";
import type { Comparison } from "../lib/figures";
import classes from "./confusion-matrix.module.css";

interface ConfusionMatrixProps {
  letter: "A" | "B";
  model: Comparison["a"];
}

/** Truth down, prediction across. Columns are numbered as the rows are, to stay narrow. */
export function ConfusionMatrix({ letter, model }: ConfusionMatrixProps) {
  const names = model.classes.map(({ name }) => name);
  const largest = Math.max(1, ...model.confusion.flat());
  return (
    <table className={classes.table}>
      <caption className={classes.caption}>
        <span className={classes.letter}>{letter}</span> {model.name}
      </caption>
      <thead>
        <tr>
          <th scope="col" className={classes.corner}>
            True class ↓, predicted →
          </th>
          {names.map((name, column) => (
            <th key={name} scope="col" title={`Predicted: ${name}`}>
              <span aria-hidden>{column + 1}</span>
              <span className="visually-hidden">Predicted: {name}</span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {names.map((name, row) => (
          <tr key={name}>
            <th scope="row">
              <span className={classes.ordinal} aria-hidden>
                {row + 1}
              </span>
              {name}
            </th>
            {(model.confusion[row] ?? []).map((count, column) => (
              <td
                key={names[column]}
                className={classes.cell}
                data-same={row === column}
                data-empty={count === 0}
                style={{ "--heat": count / largest } as CSSProperties}
                title={`True: ${name}. Predicted: ${names[column]}.`}
              >
                {formatCount(count)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
