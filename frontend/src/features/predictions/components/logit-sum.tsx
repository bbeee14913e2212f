import { formatSigned } from "../../../shared/lib/format";
import type { Balance } from "../lib/contributions";
import classes from "./logit-sum.module.css";

interface LogitSumProps {
  className: string;
  balance: Balance;
}

/** The linear head written out, so that everybody can see that it adds up. */
export function LogitSum({ className, balance }: LogitSumProps) {
  const { bias, supporting, opposing, logit } = balance;
  return (
    <div className={classes.sum} role="group" aria-label={`How the logit of ${className} adds up`}>
      <Term label="bias" value={bias} />
      <span className={classes.operator}>+</span>
      <Term label="▲ supporting" value={supporting} />
      <span className={classes.operator}>+</span>
      <Term label="▼ opposing" value={opposing} />
      <span className={classes.operator}>=</span>
      <Term label="logit" value={logit} strong />
    </div>
  );
}

function Term({
  label,
  value,
  strong = false,
}: {
  label: string;
  value: number;
  strong?: boolean;
}) {
  return (
    <span className={classes.term} data-strong={strong}>
      <span className={classes.value}>{formatSigned(value)}</span>
      <span className={classes.label}>{label}</span>
    </span>
  );
}
