import { Busy } from "../../../shared/components/busy";
import { QueryError } from "../../../shared/components/query-error";
import { ShareBar } from "../../../shared/components/share-bar";
import { formatPercent } from "../../../shared/lib/format";
import { useChecks } from "../api/list-checks";
import type { Bench } from "../lib/bench";
import classes from "./advice.module.css";
import { Limits } from "./counterfactual-search";

const LIMITS =
  "Expected change: by how much the probabilities would change on average if somebody settled this group, with the " +
  "model's own probabilities of its options as the odds. Another decision: how likely another class would then be " +
  "predicted. The model's uncertainty may be wrong: where it is sure and " +
  "mistaken, a check that matters stands far below. Belongs to the prediction as stored, without your edits.";

/** An expected change of the probabilities below this is not worth a look. */
const HARDLY = 0.01;

/** Which group to look at first, because settling it would tell most. */
export function CheckList({ bench }: { bench: Bench }) {
  const checks = useChecks(bench.predictionId);
  const most = checks.data?.[0]?.expected_change ?? 0;
  return (
    <section className={classes.section} aria-labelledby="check-this-first">
      <h2 className={classes.title} id="check-this-first">
        Check this first
        <Limits text={LIMITS} />
      </h2>
      {checks.isPending && <Busy>Loading what to check</Busy>}
      {checks.isError && (
        <QueryError
          title="What to check could not be read"
          error={checks.error}
          onRetry={() => void checks.refetch()}
        />
      )}
      {checks.data?.length === 0 && <p className={classes.text}>There is no group to check.</p>}
      {checks.data && checks.data.length > 0 && most < HARDLY && (
        <p className={classes.text}>
          By the model's own uncertainty no check would change much here.
        </p>
      )}
      {checks.data && checks.data.length > 0 && (
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">Concept group</th>
              <th aria-hidden className={classes.bar} />
              <th scope="col">Expected change</th>
              <th scope="col">Another decision</th>
            </tr>
          </thead>
          <tbody>
            {checks.data.map((check, at) => (
              <tr key={check.group_key}>
                <th scope="row">
                  {bench.groups.find(({ key }) => key === check.group_key)?.name ?? check.group_key}
                </th>
                <td aria-hidden className={classes.bar}>
                  <ShareBar share={check.expected_change} strong={at === 0} />
                </td>
                <td>{formatPercent(check.expected_change)}</td>
                <td>{formatPercent(check.flip_probability)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
