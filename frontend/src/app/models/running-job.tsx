import { Button } from "@mantine/core";
import type { ComponentProps } from "react";
import { messageOf } from "../../shared/api/api-error";
import { JobProgressBar } from "../../shared/components/job-progress";
import classes from "./running-job.module.css";

interface RunningJobProps extends ComponentProps<typeof JobProgressBar> {
  /** Of the button that ends it, such as "Cancel the comparison"; null: not for everybody. */
  cancelWords: string | null;
  cancel: { mutate: () => void; isPending: boolean; isError: boolean; error: Error | null };
}

/** A job that waits or runs, and a way to end it for those who may. */
export function RunningJob({ label, job, cancelWords, cancel }: RunningJobProps) {
  return (
    <div className={classes.running}>
      <JobProgressBar label={label} job={job} />
      <p className={classes.hint}>You may leave this page: it goes on.</p>
      {cancelWords && (
        <Button
          variant="default"
          size="compact-xs"
          loading={cancel.isPending}
          onClick={() => cancel.mutate()}
        >
          {cancelWords}
        </Button>
      )}
      {cancel.isError && <p role="alert">{messageOf(cancel.error)}</p>}
    </div>
  );
}
