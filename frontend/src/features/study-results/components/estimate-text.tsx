import type { StudyEstimate } from "../../../shared/api/types";
import { estimateWords, type Write } from "../lib/estimates";
import classes from "./figures.module.css";
import { Footnote } from "./footnotes";

interface EstimateTextProps {
  estimate: StudyEstimate;
  write: Write;
  /** Of a share: how many of how many. */
  counts?: string;
}

/** "4.10 (3.70 to 4.50)"; the sentence that says why where there is none. */
export function EstimateText({ estimate, write, counts }: EstimateTextProps) {
  const { value, interval, note } = estimateWords(estimate, write);
  if (value === null) {
    return <span className={classes.missing}>{note}</span>;
  }
  return (
    <>
      <span className={classes.value}>{value}</span>
      {counts && <span className={classes.interval}> {counts}</span>}
      {interval && <span className={classes.interval}> ({interval})</span>}
      {note && <Footnote note={note} />}
    </>
  );
}
