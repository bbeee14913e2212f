import type { StudyRead } from "../../../shared/api/types";
import { Notice } from "../../../shared/components/notice";
import { formatCount } from "../../../shared/lib/format";
import classes from "./results.module.css";

/** Nothing was published, so nothing was answered. */
export function NoResultsYet({ status }: Pick<StudyRead, "status">) {
  return (
    <div className={classes.notice}>
      <Notice
        tone="info"
        title={status === "publishing" ? "The study is being published" : "No results yet"}
      >
        Results come with readers’ answers, and readers begin once the study is published.
      </Notice>
    </div>
  );
}

/** Hidden until closing: nobody who talks to readers can sway them. */
export function HiddenResults({ study }: { study: StudyRead }) {
  const { answered, expected, role, design } = study;
  const who = design.access.live_results;
  return (
    <div className={classes.notice}>
      <Notice tone="info" title="Results are hidden until the study is closed">
        This way nobody who talks to readers can sway them.{" "}
        {who === "coordinators" && "The protocol shows them to the owner and coordinators before. "}
        {formatCount(answered)} of {formatCount(expected)} answers are there.
      </Notice>
      {role === "observer" ? (
        <p>You see the results once the owner or a coordinator closes the study.</p>
      ) : (
        <p>
          Close the study under “Readers” when reading is done. To see results earlier, amend the
          protocol under “Protocol” (“Who sees results before closing”); the amendment stands in the
          report.
        </p>
      )}
    </div>
  );
}

/** Somebody runs a study and reads in it. */
export function ReadingYourself() {
  return (
    <div className={classes.notice}>
      <Notice tone="info" title="You read in this study yourself">
        To keep you blinded, the results stay hidden from you until you have finished reading. If
        you are not going to, another coordinator can withdraw you under “Readers”.
      </Notice>
    </div>
  );
}
