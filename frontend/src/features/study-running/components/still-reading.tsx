import { Notice } from "../../../shared/components/notice";
import classes from "./running.module.css";

/** Somebody runs a study and reads in it: what would unblind them waits. */
export function StillReading({ what }: { what: string }) {
  return (
    <div className={classes.notice}>
      <Notice tone="info" title="You read in this study yourself">
        To keep you blinded, the {what} stay hidden from you until you have finished reading. If you
        are not going to, another coordinator can withdraw you under “Readers”.
      </Notice>
    </div>
  );
}
