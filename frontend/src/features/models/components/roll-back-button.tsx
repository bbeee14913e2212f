import { Button } from "@mantine/core";
import { IconArrowBackUp } from "@tabler/icons-react";
import { useMay } from "../../../shared/account/account-context";
import { messageOf } from "../../../shared/api/api-error";
import type { Activation } from "../../../shared/api/types";
import { useRollBackModel } from "../api/roll-back-model";
import classes from "./roll-back-button.module.css";

interface RollBackButtonProps {
  /** The active version, which is taken back. */
  modelVersionId: string;
  /** Name of the version that is put back; null: not known here. */
  target: string | null;
  onDone: (activation: Activation) => void;
}

/** One click, without a question: the version that is taken back can be promoted again. */
export function RollBackButton({ modelVersionId, target, onDone }: RollBackButtonProps) {
  const may = useMay("models:activate");
  const rollBack = useRollBackModel();
  if (!may) {
    return null;
  }
  return (
    <span className={classes.rollback}>
      {rollBack.isError && (
        <span role="alert" className={classes.problem}>
          {messageOf(rollBack.error)}
        </span>
      )}
      <Button
        variant="default"
        size="compact-xs"
        leftSection={<IconArrowBackUp size={14} aria-hidden />}
        loading={rollBack.isPending}
        onClick={() => rollBack.mutate(modelVersionId, { onSuccess: onDone })}
      >
        {target ? `Roll back to ${target}` : "Roll back to the version before"}
      </Button>
    </span>
  );
}
