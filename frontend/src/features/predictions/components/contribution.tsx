import { formatSigned } from "../../../shared/lib/format";
import classes from "./contribution.module.css";

interface ContributionProps {
  value: number;
  /** The absolute value that fills half of the bar. */
  scale: number;
}

const ARROWS = { support: "▲", oppose: "▼", none: "" };

/** A signed contribution: a bar to one side of zero, and the number with its sign and an arrow. */
export function Contribution({ value, scale }: ContributionProps) {
  const text = formatSigned(value);
  // By what is written: no arrow beside a 0.00.
  const sign = text.startsWith("+") ? "support" : text.startsWith("−") ? "oppose" : "none";
  const length = `${50 * Math.min(1, Math.abs(value) / scale)}%`;
  return (
    <span className={classes.contribution} data-sign={sign}>
      <span className={classes.track} aria-hidden>
        <span
          className={classes.bar}
          style={value < 0 ? { right: "50%", width: length } : { left: "50%", width: length }}
        />
        <span className={classes.zero} />
      </span>
      <span className={classes.number}>
        <span className={classes.arrow} aria-hidden>
          {ARROWS[sign]}
        </span>
        {text}
      </span>
    </span>
  );
}
