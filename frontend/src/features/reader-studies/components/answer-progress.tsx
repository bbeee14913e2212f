import type { StudySummary } from "../../../shared/api/types";
import { answerWords } from "../lib/words";
import classes from "./answer-progress.module.css";

/** How many answers are there of those that will be, in words and as a bar. */
export function AnswerProgress({ study }: { study: StudySummary }) {
  const { answered, expected, title } = study;
  if (expected === 0) {
    return <span aria-hidden>–</span>;
  }
  const share = Math.min(1, answered / expected);
  return (
    <div className={classes.progress}>
      <span>{answerWords(study)}</span>
      <div
        className={classes.track}
        role="progressbar"
        aria-label={`Answers of ${title}`}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.floor(100 * share)}
        aria-valuetext={answerWords(study)}
      >
        <div className={classes.fill} style={{ width: `${100 * share}%` }} />
      </div>
    </div>
  );
}
