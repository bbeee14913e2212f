import type { NamedFigure } from "../../../shared/api/types";
import table from "../../../shared/components/data-table.module.css";
import { scalesOf, valueWords } from "../lib/numbers";
import { IntervalBar } from "./interval-bar";
import classes from "./measured-table.module.css";
import { MeasuredWords } from "./measured-words";

interface MeasuredTableProps {
  caption: string;
  figures: readonly NamedFigure[];
  /** Under the name of a figure, by its key. */
  notes?: ReadonlyMap<string, string>;
}

/** Figures with their intervals, in numbers and drawn, and what each is held against. */
export function MeasuredTable({ caption, figures, notes }: MeasuredTableProps) {
  const scaleOf = scalesOf(figures);
  return (
    <table className={`${table.table} ${classes.figures}`}>
      <caption className="visually-hidden">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">Figure</th>
          <th scope="col">Value and 95&#8239;% interval</th>
          <th scope="col">Drawn</th>
          <th scope="col">Held against</th>
        </tr>
      </thead>
      <tbody>
        {figures.map((figure) => (
          <tr key={figure.key}>
            <th scope="row" className={classes.name}>
              {figure.name}
              {figure.better === "lower" && <span className={table.dim}> (lower is better)</span>}
              {notes?.has(figure.key) && (
                <span className={classes.note}>{notes.get(figure.key)}</span>
              )}
            </th>
            <td className={classes.value}>
              <MeasuredWords measured={figure.measured} unit={figure.unit} />
            </td>
            <td className={classes.drawn}>
              {figure.measured.value !== null && (
                <IntervalBar
                  measured={figure.measured}
                  unit={figure.unit}
                  scale={scaleOf(figure)}
                  reference={figure.reference}
                />
              )}
            </td>
            <td className={`${classes.against} ${table.dim}`}>{againstWords(figure)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function againstWords({ reference, reference_name, unit }: NamedFigure): string {
  if (reference === null) {
    return "";
  }
  const value = reference === 0 ? "0" : valueWords(reference, unit);
  return reference_name ? `${value}, ${reference_name}` : value;
}
