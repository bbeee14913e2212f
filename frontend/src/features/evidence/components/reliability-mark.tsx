import { BARS, type Reliability } from "../lib/reliability";
import classes from "./reliability-mark.module.css";

/** Three bars of which as many are filled as there is trust, or a question mark; the word beside it says the same. */
export function ReliabilityMark({ reliability }: { reliability: Reliability }) {
  return (
    <span className={classes.mark} data-reliability={reliability}>
      <ReliabilityIcon reliability={reliability} />
      <span>{reliability}</span>
    </span>
  );
}

interface ReliabilityIconProps {
  reliability: Reliability;
  /** Without colour, where there are many of them. */
  plain?: boolean;
}

/** Only the drawing: what stands beside it says it in words. */
export function ReliabilityIcon({ reliability, plain = false }: ReliabilityIconProps) {
  const filled = BARS[reliability];
  return (
    <svg
      className={classes.icon}
      data-reliability={plain ? undefined : reliability}
      width={14}
      height={11}
      viewBox="0 0 14 11"
      aria-hidden="true"
    >
      {filled === null ? (
        <text x={7} y={9.5} textAnchor="middle">
          ?
        </text>
      ) : (
        [0, 1, 2].map((bar) => (
          <rect
            key={bar}
            data-filled={bar < filled}
            x={0.5 + 5 * bar}
            y={7.5 - 3.5 * bar}
            width={3}
            height={3 + 3.5 * bar}
          />
        ))
      )}
    </svg>
  );
}
