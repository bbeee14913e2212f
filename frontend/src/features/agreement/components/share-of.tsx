import { formatCount, formatPercent } from "../../../shared/lib/format";
import classes from "./share-of.module.css";

interface ShareOfProps {
  count: number;
  of: number;
}

/** "14 of 20 (70.0 %)": no percentage without the number it is of. */
export function ShareOf({ count, of }: ShareOfProps) {
  return of === 0 ? (
    <span className={classes.none}>none marked</span>
  ) : (
    <span className={classes.share}>
      {formatCount(count)} of {formatCount(of)}{" "}
      <span className={classes.percent}>({formatPercent(count / of)})</span>
    </span>
  );
}
