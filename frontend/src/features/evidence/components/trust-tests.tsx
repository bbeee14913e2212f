import type { TrustTest } from "../../../shared/api/types";
import { MeasuredTable } from "./measured-table";
import classes from "./trust-tests.module.css";
import { VerdictMark } from "./verdict-mark";

/** What was asked of the explanations, what came of it, and the figures on demand. */
export function TrustTests({ tests }: { tests: readonly TrustTest[] }) {
  return (
    <ul className={classes.tests}>
      {tests.map((test) => (
        <li key={test.key} className={classes.test}>
          <div className={classes.head}>
            <h3>{test.question}</h3>
            <VerdictMark verdict={test.verdict} />
          </div>
          <p>{test.answer}</p>
          {test.figures.length > 0 && (
            <details className={classes.figures}>
              <summary>
                {test.figures.length === 1 ? "1 figure" : `${test.figures.length} figures`}
                <span className="visually-hidden"> behind this answer</span>
              </summary>
              <MeasuredTable caption={test.question} figures={test.figures} />
            </details>
          )}
        </li>
      ))}
    </ul>
  );
}
