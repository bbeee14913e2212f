import { Link } from "react-router";
import { useWaitingCases } from "../../features/cases/api/list-cases";
import { useAccount } from "../../shared/account/account-context";
import type { Case } from "../../shared/api/types";
import { formatCount } from "../../shared/lib/format";
import classes from "./next-waiting.module.css";

/** After a look at a case's pixels: the way to the next one that waits for the same. */
export function NextWaiting({ entry }: { entry: Case }) {
  const { id: accountId } = useAccount();
  const waiting = useWaitingCases();
  // While it is read anew, what was known before still names the case that has just been looked at.
  if (!waiting.data || waiting.isFetching) {
    return null;
  }
  const others = waiting.data.items.filter(({ id, may_change }) => may_change && id !== entry.id);
  // One's own first: those of others wait for their owners as well.
  const next = others.find(({ owner }) => owner?.id === accountId) ?? others[0];
  const left = waiting.data.waiting;
  return (
    <span className={classes.next} role="status">
      {next ? (
        <>
          <Link to={`/cases/${next.id}`}>Next waiting case</Link>
          {left > 0 && ` (${formatCount(left)} left)`}
        </>
      ) : (
        "No other case waits for a look"
      )}
    </span>
  );
}
