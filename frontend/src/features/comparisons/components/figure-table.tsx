import type { ComparedFigure } from "../../../shared/api/types";
import table from "../../../shared/components/data-table.module.css";
import { formatCount } from "../../../shared/lib/format";
import { chance, ends, number, reach, signed } from "../lib/figures";
import { DifferenceBar, DifferenceScale } from "./difference-bar";
import classes from "./figure-table.module.css";
import { VerdictMark } from "./verdict-mark";

interface FigureTableProps {
  caption: string;
  figures: readonly ComparedFigure[];
  /** Shorter names, by the figure's key. */
  names?: ReadonlyMap<string, string>;
}

/** Figures of both models, the difference with its 95 % interval in numbers and drawn, p, and what it means. */
export function FigureTable({ caption, figures, names }: FigureTableProps) {
  const far = reach(figures);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways, and the keyboard must be able to
    <section className={table.scroll} aria-label={`${caption}, table`} tabIndex={0}>
      <table className={`${table.table} ${classes.figures}`}>
        <caption className="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">Figure</th>
            <th scope="col" className={classes.number}>
              Images
            </th>
            <th scope="col" className={classes.number}>
              A
            </th>
            <th scope="col" className={classes.number}>
              B
            </th>
            <th scope="col" className={classes.number}>
              B − A
            </th>
            <th scope="col">95&#8239;% interval</th>
            <th scope="col">
              <span className="visually-hidden">Drawn</span>
              <DifferenceScale reach={far} />
            </th>
            <th scope="col" className={classes.number}>
              p
            </th>
            <th scope="col">Verdict</th>
          </tr>
        </thead>
        <tbody>
          {figures.map((figure) => (
            <FigureRow
              key={figure.key}
              figure={figure}
              name={names?.get(figure.key) ?? figure.name}
              reach={far}
            />
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface FigureRowProps {
  figure: ComparedFigure;
  name: string;
  reach: number;
}

function FigureRow({ figure, name, reach: far }: FigureRowProps) {
  return (
    <tr>
      <th scope="row" className={classes.name} title={figure.sentence}>
        {name}
        {figure.better === "lower" && <span className={table.dim}> (lower is better)</span>}
      </th>
      <td className={`${classes.number} ${table.dim}`}>{formatCount(figure.n)}</td>
      <td className={classes.number} title={`95\u202f%: ${ends(figure.interval_a)}`}>
        {number(figure.a)}
      </td>
      <td className={classes.number} title={`95\u202f%: ${ends(figure.interval_b)}`}>
        {number(figure.b)}
      </td>
      <td className={`${classes.number} ${table.strong}`}>{signed(figure.difference)}</td>
      <td className={table.line}>{ends(figure.interval, true)}</td>
      <td className={classes.drawn}>
        <DifferenceBar figure={figure} reach={far} />
      </td>
      <td className={classes.number}>{chance(figure.p_value)}</td>
      <td>
        <VerdictMark verdict={figure.verdict} title={figure.sentence} />
      </td>
    </tr>
  );
}
