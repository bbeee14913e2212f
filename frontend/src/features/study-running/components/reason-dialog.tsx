import { Button, Textarea } from "@mantine/core";
import { type ReactNode, type SubmitEvent, useState } from "react";
import { messageOf } from "../../../shared/api/api-error";
import { Dialog } from "../../../shared/components/dialog";
import { Notice } from "../../../shared/components/notice";
import classes from "./running.module.css";

interface ReasonDialogProps {
  title: string;
  /** What happens, in words. */
  children: ReactNode;
  /** Of the button that does it. */
  confirm: string;
  /** Heading over the reason when it could not be done. */
  failed: string;
  harmless?: boolean;
  pending: boolean;
  error: Error | null;
  onConfirm: (reason: string) => void;
  onClose: () => void;
}

/** Asks once, and why: the reason stands in the audit trail. */
export function ReasonDialog(props: ReasonDialogProps) {
  const { title, children, confirm, failed, harmless, pending, error, onConfirm, onClose } = props;
  const [reason, setReason] = useState("");
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    onConfirm(reason.trim());
  };
  return (
    <Dialog opened onClose={onClose} title={title} width={480}>
      <form className={classes.form} onSubmit={submit}>
        <p>{children}</p>
        <Textarea
          label="Reason"
          description="Kept in the audit trail."
          required
          withAsterisk={false}
          minLength={3}
          maxLength={2000}
          rows={3}
          data-autofocus
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {error && (
          <Notice tone="error" title={failed} live>
            {messageOf(error)}
          </Notice>
        )}
        <div className={classes.buttons}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            type="submit"
            color={harmless ? undefined : "red"}
            loading={pending}
            disabled={reason.trim().length < 3}
          >
            {confirm}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
