import type { StudyEstimate } from "../../../shared/api/types";
import type { Write } from "../lib/estimates";
import classes from "./figures.module.css";

const WIDTH = 180;
const HEIGHT = 18;
const MARGIN = 6;

export interface Scale {
  from: number;
  to: number;
  /** Where a line is drawn, such as at no difference. */
  mark: number;
}

interface WhiskerProps {
  estimate: StudyEstimate;
  scale: Scale;
}

/** Dot and interval as in a forest plot. The numbers stand next to it, so the drawing is silent. */
export function Whisker({ estimate, scale }: WhiskerProps) {
  const { value, low, high } = estimate;
  const { from, to, mark } = scale;
  const middle = HEIGHT / 2;
  const at = (place: number) => {
    const inside = Math.min(to, Math.max(from, place));
    return MARGIN + ((inside - from) / (to - from)) * (WIDTH - 2 * MARGIN);
  };
  return (
    <svg
      className={classes.bar}
      width={WIDTH}
      height={HEIGHT}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      aria-hidden="true"
    >
      <line className={classes.zero} x1={at(mark)} x2={at(mark)} y1={0} y2={HEIGHT} />
      {value !== null && low !== null && high !== null && (
        <g className={classes.whisker}>
          <line x1={at(low)} x2={at(high)} y1={middle} y2={middle} />
          <line x1={at(low)} x2={at(low)} y1={middle - 4} y2={middle + 4} />
          <line x1={at(high)} x2={at(high)} y1={middle - 4} y2={middle + 4} />
        </g>
      )}
      {value !== null && <circle className={classes.dot} cx={at(value)} cy={middle} r={3.5} />}
    </svg>
  );
}

/** Ends and mark of the drawings of a column. */
export function WhiskerScale({ scale, write }: { scale: Scale; write: Write }) {
  const { from, to, mark } = scale;
  const inside = mark > from && mark < to;
  return (
    <>
      <span className="visually-hidden">Drawn</span>
      <span className={classes.scale} aria-hidden>
        <span>{write(from)}</span>
        {inside && <span>{write(mark)}</span>}
        <span>{write(to)}</span>
      </span>
    </>
  );
}
