import { Notice } from "../../../shared/components/notice";
import { type Comparison, concernOf, countVerdicts, keyFigures } from "../lib/figures";
import { VerdictMark } from "./verdict-mark";
import classes from "./verdict-summary.module.css";

const SHOWN = ["better", "worse", "undecided", "same", "unknown"] as const;

/** What a comparison says for and against B, as short as a decision needs it. */
export function VerdictSummary({ comparison }: { comparison: Comparison }) {
  const all = countVerdicts(comparison.figures);
  const key = keyFigures(comparison);
  const concern = concernOf(comparison);
  return (
    <div className={classes.summary}>
      <p className={classes.words}>
        B is {comparison.b.name}, held to A, {comparison.a.name}, on {comparison.data.images} images
        of {comparison.data.name} ({comparison.data.split}). Of {comparison.figures.length} figures:
      </p>
      <ul className={classes.counts} aria-label="Verdicts">
        {SHOWN.filter((verdict) => all[verdict] > 0).map((verdict) => (
          <li key={verdict}>
            <span className={classes.count}>{all[verdict]}</span> <VerdictMark verdict={verdict} />
          </li>
        ))}
      </ul>
      {concern ? (
        <Notice tone="warning" title={concern.title}>
          {concern.text}
        </Notice>
      ) : (
        <p className={classes.words}>
          {key.find((figure) => figure.key === "bmac")?.name}:{" "}
          {key.find((figure) => figure.key === "bmac")?.sentence}
        </p>
      )}
    </div>
  );
}
