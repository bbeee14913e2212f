import type { Case } from "../../../shared/api/types";
import { Notice } from "../../../shared/components/notice";
import classes from "./review-stage.module.css";

/** Why a person has to look, in the server's words. */
export function Suspects({ entry }: { entry: Case }) {
  return (
    <div className={classes.part}>
      <Notice tone="warning" title="The pixels may hold text about the patient">
        {entry.suspects.length > 0 && (
          <ul className={classes.suspects}>
            {entry.suspects.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
        )}
        <p className={classes.ask}>
          Look for names, dates, numbers and hospital names. Until that is done, nobody else sees
          the case and no model explains it.
        </p>
      </Notice>
    </div>
  );
}
