import type { ComparedFigure } from "../../../shared/api/types";
import classes from "./difference-bar.module.css";

const WIDTH = 180;
const HEIGHT = 18;
const MARGIN = 6;

interface DifferenceBarProps {
  figure: ComparedFigure;
  /** Distance from zero at the ends of the bar. */
  reach: number;
}

/** B − A with its interval as in a forest plot. The numbers stand next to it, so the drawing is silent. */
export function DifferenceBar({ figure, reach }: DifferenceBarProps) {
  const { difference, interval, verdict } = figure;
  const middle = HEIGHT / 2;
  const at = (value: number) => {
    const inside = Math.min(reach, Math.max(-reach, value));
    return WIDTH / 2 + (inside / reach) * (WIDTH / 2 - MARGIN);
  };
  return (
    <svg
      className={classes.bar}
      data-verdict={verdict}
      width={WIDTH}
      height={HEIGHT}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      aria-hidden="true"
    >
      <line className={classes.zero} x1={WIDTH / 2} x2={WIDTH / 2} y1={0} y2={HEIGHT} />
      {interval && (
        <g className={classes.interval}>
          <line x1={at(interval.low)} x2={at(interval.high)} y1={middle} y2={middle} />
          <line x1={at(interval.low)} x2={at(interval.low)} y1={middle - 4} y2={middle + 4} />
          <line x1={at(interval.high)} x2={at(interval.high)} y1={middle - 4} y2={middle + 4} />
        </g>
      )}
      {difference !== null && (
        <rect
          className={classes.point}
          x={at(difference) - 3}
          y={middle - 3}
          width={6}
          height={6}
        />
      )}
    </svg>
  );
}

/** What the bars of a table have for a scale: its ends and zero. */
export function DifferenceScale({ reach }: { reach: number }) {
  const digits = reach < 0.1 ? 3 : 2;
  return (
    <span className={classes.scale} aria-hidden>
      <span>−{reach.toFixed(digits)}</span>
      <span>0</span>
      <span>+{reach.toFixed(digits)}</span>
    </span>
  );
}
