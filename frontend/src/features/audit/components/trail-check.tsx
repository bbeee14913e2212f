import { Button } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import { Busy } from "../../../shared/components/busy";
import { Notice } from "../../../shared/components/notice";
import { QueryError } from "../../../shared/components/query-error";
import { formatCount } from "../../../shared/lib/format";
import { useVerification } from "../api/verify-trail";
import classes from "./trail-check.module.css";

/** Whether the trail is still as it was written; every event carries the fingerprint of the one before. */
export function TrailCheck() {
  const check = useVerification();
  const { data } = check;
  if (check.isFetching) {
    return <Busy>Checking every event</Busy>;
  }
  if (check.isError) {
    return (
      <div className={classes.notice}>
        <QueryError
          title="The trail could not be checked"
          error={check.error}
          onRetry={() => void check.refetch()}
        />
      </div>
    );
  }
  if (data && !data.unbroken) {
    return (
      <div className={classes.notice}>
        <Notice tone="error" title="The trail is not as it was written" live>
          <p>
            Somebody or something changed it outside of Vitrine. Keep a copy of the database and of
            its backups before anything else.
          </p>
          <ul>
            {data.problems.map(({ sequence, text }) => (
              <li key={`${sequence} ${text}`}>
                {sequence > 0 && `Event ${sequence}: `}
                {text}
              </li>
            ))}
          </ul>
        </Notice>
      </div>
    );
  }
  return (
    <div className={classes.line}>
      <span role="status" className={classes.state}>
        {data ? (
          <>
            <IconCircleCheck size={15} className={classes.ok} aria-hidden />
            {formatCount(data.events)} events, each as it was written
          </>
        ) : (
          "Every event carries the fingerprint of the one before, so that a change would show."
        )}
      </span>
      <Button variant="default" size="compact-xs" onClick={() => void check.refetch()}>
        {data ? "Check again" : "Check the trail"}
      </Button>
    </div>
  );
}
