import { Button } from "@mantine/core";
import { useMay } from "../../../shared/account/account-context";
import { messageOf } from "../../../shared/api/api-error";
import type { StudyRead } from "../../../shared/api/types";
import { JobProgressBar } from "../../../shared/components/job-progress";
import { Notice } from "../../../shared/components/notice";
import { useCancelPublication } from "../api/cancel-publication";
import classes from "./steps.module.css";

/** How far preparing is, and the way to stop it. */
export function PublishingProgress({ study }: { study: StudyRead }) {
  const may = useMay("studies:write") && study.role !== "observer";
  const cancel = useCancelPublication(study.id);
  const job = { status: "running" as const, position: null, attempts: 1, progress: study.progress };
  return (
    <div className={classes.step}>
      <h2 className={classes.title}>The study is being published</h2>
      <p className={classes.hint}>
        The maps of all items are made and stored, and every reader’s order is drawn. Then the study
        opens by itself; you may close the page.
      </p>
      <JobProgressBar label={`Publishing ${study.title}`} job={job} />
      {cancel.isError && (
        <Notice tone="error" title="Publishing was not stopped" live>
          {messageOf(cancel.error)}
        </Notice>
      )}
      {may && (
        <div className={classes.buttons}>
          <Button
            variant="default"
            loading={cancel.isPending}
            onClick={() => cancel.mutate(undefined)}
          >
            Stop; back to the draft
          </Button>
        </div>
      )}
    </div>
  );
}
