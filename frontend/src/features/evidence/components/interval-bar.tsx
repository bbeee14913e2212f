import type { Measured } from "../../../shared/api/types";
import { placeOn, readingOf, type Scale, type Unit, valueWords } from "../lib/numbers";
import classes from "./interval-bar.module.css";

const HEIGHT = 16;

interface IntervalBarProps {
  measured: Measured;
  unit: Unit;
  scale: Scale;
  /** What chance or a baseline would give: the dashed mark. */
  reference?: number | null;
  /** Of a figure that says little: drawn as pale as it is. */
  pale?: boolean;
}

/**
 * A value with its interval on a scale whose ends are written beside it. The numbers stand next to it; to those who
 * do not see it, it says what one would see: on which side of the mark the interval lies.
 */
export function IntervalBar(props: IntervalBarProps) {
  const { measured, unit, scale, reference = null, pale = false } = props;
  const { value, low, high } = measured;
  const at = (place: number) => `${100 * placeOn(scale, place)}%`;
  const middle = HEIGHT / 2;
  return (
    <span className={classes.bar} data-pale={pale}>
      <span className={classes.end} aria-hidden>
        {valueWords(scale.low, endUnit(unit))}
      </span>
      <svg
        className={classes.drawing}
        role="img"
        aria-label={readingOf(measured, reference)}
        height={HEIGHT}
      >
        <line className={classes.track} x1="0" x2="100%" y1={middle} y2={middle} />
        {low !== null && high !== null && (
          <g className={classes.interval}>
            <line x1={at(low)} x2={at(high)} y1={middle} y2={middle} />
            <line x1={at(low)} x2={at(low)} y1={middle - 4} y2={middle + 4} />
            <line x1={at(high)} x2={at(high)} y1={middle - 4} y2={middle + 4} />
          </g>
        )}
        {reference !== null && (
          <line
            className={classes.reference}
            x1={at(reference)}
            x2={at(reference)}
            y1={0}
            y2={HEIGHT}
          />
        )}
        {value !== null && (
          // A nested drawing, because a share of the width cannot be added to pixels.
          <svg x={at(value)} overflow="visible" aria-hidden="true">
            <circle className={classes.point} cx={0} cy={middle} r={2.5} />
          </svg>
        )}
      </svg>
      <span className={classes.end} aria-hidden>
        {valueWords(scale.high, endUnit(unit))}
      </span>
    </span>
  );
}

/** The ends of a scale are round: 0 and 1, not 0.00 and 1.00. */
function endUnit(unit: Unit): Unit {
  return unit === "difference" ? unit : "number";
}
