import { Button } from "@mantine/core";
import { useMay } from "../../../shared/account/account-context";
import { messageOf } from "../../../shared/api/api-error";
import type { TrainingRun } from "../../../shared/api/types";
import { useResumeTrainingRun } from "../api/resume-training-run";
import { canResume } from "../lib/status";
import classes from "./resume-run-button.module.css";

interface ResumeRunButtonProps {
  run: Pick<TrainingRun, "id" | "name" | "status">;
  compact?: boolean;
}

/** Queues a failed or cancelled run again. Without a question: it goes on from what it had saved. */
export function ResumeRunButton({ run, compact = false }: ResumeRunButtonProps) {
  const resume = useResumeTrainingRun(run.id);
  const may = useMay("training:write");
  if (!may || !canResume(run)) {
    return null;
  }
  return (
    <span>
      <Button
        variant="default"
        size={compact ? "compact-xs" : "xs"}
        aria-label={`Resume the training of ${run.name}`}
        loading={resume.isPending}
        onClick={() => resume.mutate()}
      >
        Resume
      </Button>
      {resume.isError && (
        <span className={classes.problem} role="alert">
          {messageOf(resume.error)}
        </span>
      )}
    </span>
  );
}
