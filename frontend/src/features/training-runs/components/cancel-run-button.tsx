import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMay } from "../../../shared/account/account-context";
import type { TrainingRun } from "../../../shared/api/types";
import { Confirm } from "../../../shared/components/confirm";
import { isUnended } from "../../../shared/lib/job-status";
import { useCancelTrainingRun } from "../api/cancel-training-run";

interface CancelRunButtonProps {
  run: Pick<TrainingRun, "id" | "name" | "status">;
  /** As low as a line of a table. */
  compact?: boolean;
}

/** Ends a run, after a question. Nothing where it has ended, or for people who may not. */
export function CancelRunButton({ run, compact = false }: CancelRunButtonProps) {
  const [opened, dialog] = useDisclosure(false);
  const cancel = useCancelTrainingRun(run.id);
  const may = useMay("training:write");
  if (!may || !isUnended(run)) {
    return null;
  }
  return (
    <>
      <Button
        variant="default"
        size={compact ? "compact-xs" : "xs"}
        aria-label={`Cancel the training of ${run.name} …`}
        onClick={dialog.open}
      >
        Cancel …
      </Button>
      <Confirm
        opened={opened}
        onClose={() => {
          dialog.close();
          cancel.reset();
        }}
        title={`Cancel the training of ${run.name}?`}
        confirm="Cancel the training"
        keep={run.status === "queued" ? "Keep it in the queue" : "Keep it running"}
        failed="The training was not cancelled"
        pending={cancel.isPending}
        error={cancel.error}
        onConfirm={() => cancel.mutate(undefined, { onSuccess: dialog.close })}
      >
        {run.status === "queued"
          ? "It leaves the queue. It can be queued again later."
          : "It ends within seconds, without a model. What it had saved is kept, so that it can be resumed."}
      </Confirm>
    </>
  );
}
