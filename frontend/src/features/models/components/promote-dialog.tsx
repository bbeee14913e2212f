import { Button, Group, Textarea } from "@mantine/core";
import { type FormEvent, type ReactNode, useId, useState } from "react";
import { messageOf } from "../../../shared/api/api-error";
import type { Activation, ModelVersion } from "../../../shared/api/types";
import { Dialog } from "../../../shared/components/dialog";
import { Notice } from "../../../shared/components/notice";
import { useActivateModel } from "../api/activate-model";
import classes from "./promote-dialog.module.css";

/** As the server limits it. */
const LONGEST_REASON = 500;

interface PromoteDialogProps {
  model: Pick<ModelVersion, "id" | "name" | "dataset">;
  /** Name of the version in use now; null: none is. */
  active: string | null;
  /** What is known of how it measures against the active one. */
  evidence: ReactNode;
  onClose: () => void;
  onDone: (activation: Activation) => void;
}

/** Asks for the reason, says what follows, and waits until the version is loaded. */
export function PromoteDialog({ model, active, evidence, onClose, onDone }: PromoteDialogProps) {
  const activate = useActivateModel(model.id);
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const busy = useId();
  const missing = reason.trim() === "";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!missing && !activate.isPending) {
      activate.mutate(reason.trim(), { onSuccess: onDone });
    }
  };
  return (
    <Dialog
      opened
      title={`Promote ${model.name} for ${model.dataset}`}
      width={560}
      onClose={activate.isPending ? undefined : onClose}
    >
      <form onSubmit={submit} className={classes.form} noValidate>
        {evidence}
        <ul className={classes.effects}>
          <li>
            New predictions of {model.dataset} use {model.name}
            {active ? ` instead of ${active}` : ""}.
          </li>
          <li>Predictions that exist keep the version that made them.</li>
          <li>The version is loaded and warm before it takes traffic; this can take a minute.</li>
          <li>The version before can be put back in one click.</li>
        </ul>
        <Textarea
          label="Reason"
          description="Recorded with your name in the activation history and the audit trail."
          required
          data-autofocus
          autosize
          minRows={2}
          maxRows={6}
          maxLength={LONGEST_REASON}
          value={reason}
          disabled={activate.isPending}
          error={tried && missing ? "Say why this version is to be used." : null}
          onChange={(event) => setReason(event.currentTarget.value.replaceAll("\n", " "))}
        />
        {activate.isError && (
          <Notice tone="error" title={`${model.name} was not promoted`} live>
            {messageOf(activate.error)}
          </Notice>
        )}
        <p id={busy} className={classes.busy} role="status">
          {activate.isPending &&
            `Loading ${model.name} and warming it up. ${active ? `${active} answers until then.` : ""}`}
        </p>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose} disabled={activate.isPending}>
            Cancel
          </Button>
          <Button type="submit" loading={activate.isPending} aria-describedby={busy}>
            Promote
          </Button>
        </Group>
      </form>
    </Dialog>
  );
}
