import type { Measured } from "../../../shared/api/types";
import { formatCount } from "../../../shared/lib/format";
import { intervalWords, NOT_MEASURED, type Unit, valueWords } from "../lib/numbers";
import classes from "./measured-words.module.css";

interface MeasuredWordsProps {
  measured: Measured;
  unit: Unit;
  /** After the number of images, such as "chance 0.50". */
  against?: string | null;
  /** A figure that says little is not written in bold. */
  pale?: boolean;
}

/** "0.71 (0.60 to 0.82)" and the images behind it: no figure stands without them. */
export function MeasuredWords(props: MeasuredWordsProps) {
  const { measured, unit, against = null, pale = false } = props;
  const { value, n } = measured;
  const interval = intervalWords(measured, unit);
  return (
    <span className={classes.words} data-pale={pale}>
      {value === null ? (
        <span className={classes.none}>{NOT_MEASURED}</span>
      ) : (
        <span>
          <span className={classes.value}>{valueWords(value, unit)}</span>{" "}
          <span className={classes.interval}>{interval ? `(${interval})` : "(no interval)"}</span>
        </span>
      )}
      <span className={classes.behind}>
        n&#8239;=&#8239;{formatCount(n)}
        {against && ` · ${against}`}
      </span>
    </span>
  );
}
