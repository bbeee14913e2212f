import type { ScoreDistribution } from "../../../shared/api/types";
import { formatCount, formatNumber } from "../../../shared/lib/format";
import classes from "./score-strips.module.css";

interface Strip {
  key: string;
  name: string;
  /** Null: no image of this class. */
  scores: ScoreDistribution | null;
}

const WIDTH = 360;
const LABEL = 128;
const ROW = 20;
const QUANTILES = ["1 %", "5 %", "25 %", "50 %", "75 %", "95 %", "99 %"];

/** Scores of an option by class: quantiles as strips, and the same as a table. */
export function ScoreStrips({ strips }: { strips: readonly Strip[] }) {
  const known = strips.flatMap(({ scores }) => scores?.quantiles ?? []);
  if (known.length === 0) {
    return null;
  }
  const [low, high] = [Math.min(0, ...known), Math.max(0, ...known)];
  const span = high - low || 1;
  const x = (score: number) => LABEL + 4 + ((score - low) / span) * (WIDTH - LABEL - 12);
  const height = strips.length * ROW + 18;
  return (
    <figure className={classes.figure}>
      <svg
        viewBox={`0 0 ${WIDTH} ${height}`}
        role="img"
        aria-label="Scores by class; the table below says the same in figures"
      >
        <line className={classes.zero} x1={x(0)} x2={x(0)} y1={0} y2={height - 16} />
        {strips.map((strip, row) => (
          <StripRow key={strip.key} strip={strip} top={row * ROW} x={x} />
        ))}
        <text className={classes.axis} x={x(low)} y={height - 4}>
          {formatNumber(low, 1)}
        </text>
        {low < 0 && high > 0 && (
          <text className={classes.axis} x={x(0)} y={height - 4} textAnchor="middle">
            0
          </text>
        )}
        <text className={classes.axis} x={x(high)} y={height - 4} textAnchor="end">
          {formatNumber(high, 1)}
        </text>
      </svg>
      <details className={classes.details}>
        <summary>As a table</summary>
        <StripTable strips={strips} />
      </details>
    </figure>
  );
}

interface StripRowProps {
  strip: Strip;
  top: number;
  x: (score: number) => number;
}

/** Line: 1 to 99 %; pale box: 5 to 95 %; box: the middle half; mark: the median. */
function StripRow({ strip, top, x }: StripRowProps) {
  const middle = top + ROW / 2;
  const [q01, q05, q25, q50, q75, q95, q99] = strip.scores?.quantiles ?? [];
  return (
    <g>
      <text className={classes.label} x={0} y={middle + 4}>
        {shortened(strip.name)}
        <title>{strip.name}</title>
      </text>
      {q01 === undefined || q05 === undefined || q25 === undefined || q50 === undefined ? (
        <text className={classes.axis} x={LABEL + 4} y={middle + 4}>
          no images
        </text>
      ) : (
        <>
          <line
            className={classes.whisker}
            x1={x(q01)}
            x2={x(q99 ?? q50)}
            y1={middle}
            y2={middle}
          />
          <Box
            className={classes.outer}
            from={x(q05)}
            to={x(q95 ?? q50)}
            y={middle - 4}
            height={8}
          />
          <Box
            className={classes.inner}
            from={x(q25)}
            to={x(q75 ?? q50)}
            y={middle - 6}
            height={12}
          />
          <line
            className={classes.median}
            x1={x(q50)}
            x2={x(q50)}
            y1={middle - 7}
            y2={middle + 7}
          />
        </>
      )}
    </g>
  );
}

interface BoxProps {
  className: string | undefined;
  from: number;
  to: number;
  y: number;
  height: number;
}

function Box({ className, from, to, y, height }: BoxProps) {
  return (
    <rect className={className} x={from} y={y} width={Math.max(1, to - from)} height={height} />
  );
}

function StripTable({ strips }: { strips: readonly Strip[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard must be able to
    <section className={classes.scroll} aria-label="Scores by class, quantiles" tabIndex={0}>
      <table className={classes.table}>
        <caption className="visually-hidden">Quantiles of the score by class</caption>
        <thead>
          <tr>
            <th scope="col">Class</th>
            <th scope="col">Images</th>
            {QUANTILES.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {strips.map(({ key, name, scores }) => (
            <tr key={key}>
              <th scope="row">{name}</th>
              <td>{scores ? formatCount(scores.images) : 0}</td>
              {QUANTILES.map((quantile, at) => (
                <td key={quantile}>
                  {scores ? formatNumber(scores.quantiles[at] ?? Number.NaN) : "—"}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function shortened(name: string): string {
  return name.length > 21 ? `${name.slice(0, 20)}…` : name;
}
