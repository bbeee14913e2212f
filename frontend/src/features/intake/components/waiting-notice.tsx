import type { ReactNode } from "react";
import type { Case } from "../../../shared/api/types";
import { Notice } from "../../../shared/components/notice";
import { whoMustLook } from "../lib/words";
import classes from "./review-stage.module.css";

interface WaitingNoticeProps {
  entry: Case;
  children: ReactNode;
}

/** For those who may not end the review. The picture stays away: it may name the patient. */
export function WaitingNotice({ entry, children }: WaitingNoticeProps) {
  return (
    <div className={classes.waiting}>
      <Notice tone="warning" title="This case waits for a look at its pixels">
        <p className={classes.ask}>
          They may hold text about the patient. {whoMustLook(entry)} Until then the picture is not
          shown here, and no model explains it.
        </p>
        {entry.suspects.length > 0 && (
          <ul className={classes.suspects}>
            {entry.suspects.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
        )}
      </Notice>
      {children}
    </div>
  );
}
