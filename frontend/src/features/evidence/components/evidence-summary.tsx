import type { Evidence } from "../../../shared/api/types";
import { formatCount } from "../../../shared/lib/format";
import { testedWords } from "../lib/numbers";
import { countSteps, type Reliability } from "../lib/reliability";
import { countVerdicts } from "../lib/verdicts";
import classes from "./evidence-summary.module.css";
import { ReliabilityIcon } from "./reliability-mark";
import { VerdictMark } from "./verdict-mark";

/** At a glance: how many concepts and tests came out how, and on which images. */
export function EvidenceSummary({ evidence }: { evidence: Evidence }) {
  const { concepts, tests } = evidence;
  return (
    <div className={classes.summary}>
      <p className={classes.line}>
        <span className={classes.of}>{counted(concepts.length, "concept")}</span>
        {countSteps(concepts).map(({ step, count }) => (
          <StepCount key={step} step={step} count={count} />
        ))}
      </p>
      <p className={classes.line}>
        <span className={classes.of}>{counted(tests.length, "test")} of the explanations</span>
        {countVerdicts(tests).map(({ verdict, count }) => (
          <VerdictMark key={verdict} verdict={verdict} count={count} />
        ))}
      </p>
      <p className={classes.origin}>{originWords(evidence)}</p>
    </div>
  );
}

/** "2 limited", with its mark. */
export function StepCount({ step, count }: { step: Reliability; count: number }) {
  return (
    <span className={classes.count}>
      <ReliabilityIcon reliability={step} />
      <span>
        {formatCount(count)} {step}
      </span>
    </span>
  );
}

function counted(count: number, what: string): string {
  return `${formatCount(count)} ${count === 1 ? what : `${what}s`}`;
}

/** On which images, when, and whether here. */
function originWords({ tested_on, made_on, measured_here }: Evidence): string {
  const where = measured_here ? "here" : "by those who made the model";
  return `Measured ${where} on ${made_on}: ${testedWords(tested_on)} (${tested_on.split}).`;
}
