import { memo } from "react";
import { Tag } from "../../../shared/components/tag";
import { formatPercent, formatSigned } from "../../../shared/lib/format";
import type { Bench } from "../lib/bench";
import type { Decision } from "../lib/decide";
import classes from "./outcome-list.module.css";

interface OutcomeListProps {
  bench: Bench;
  decision: Decision;
}

/** Every class's probability before and after. */
export function OutcomeList({ bench, decision }: OutcomeListProps) {
  return (
    <table className={classes.table} aria-label="Probabilities before and after the edits">
      <thead>
        <tr>
          <th scope="col">Class</th>
          <th aria-hidden className={classes.barHead} />
          <th scope="col">Before</th>
          <th scope="col">After</th>
          <th scope="col" title="Percentage points">
            Change
          </th>
        </tr>
      </thead>
      <tbody>
        {bench.classes.map(({ key, name }, at) => (
          <ClassRow
            key={key}
            name={name}
            before={bench.probabilities[at] ?? 0}
            after={decision.probabilities[at] ?? 0}
            wasPredicted={at === bench.predicted}
            isPredicted={at === decision.predicted}
          />
        ))}
      </tbody>
    </table>
  );
}

interface ClassRowProps {
  name: string;
  before: number;
  after: number;
  wasPredicted: boolean;
  isPredicted: boolean;
}

/** Memoised: while a slider moves, only what changed is drawn again. */
const ClassRow = memo(function ClassRow(props: ClassRowProps) {
  const { name, before, after, wasPredicted, isPredicted } = props;
  const change = 100 * (after - before);
  return (
    <tr data-predicted={isPredicted} data-was={wasPredicted}>
      <th scope="row">
        <span className={classes.name}>
          <span className={classes.text} title={name}>
            {name}
          </span>
          {isPredicted && <Tag tone={wasPredicted ? "neutral" : "accent"}>decision</Tag>}
          {wasPredicted && !isPredicted && <Tag>was the decision</Tag>}
        </span>
      </th>
      <td aria-hidden className={classes.bars}>
        <span className={classes.track}>
          <span className={classes.before} style={{ width: `${100 * before}%` }} />
          <span className={classes.after} style={{ width: `${100 * after}%` }} />
        </span>
      </td>
      <td className={classes.dim}>{formatPercent(before)}</td>
      <td className={classes.strong}>{formatPercent(after)}</td>
      <td className={classes.dim}>{formatSigned(change, 1)}</td>
    </tr>
  );
});
