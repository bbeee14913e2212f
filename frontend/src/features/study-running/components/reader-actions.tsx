import { Button } from "@mantine/core";
import { useState } from "react";
import { messageOf } from "../../../shared/api/api-error";
import type { StudyRead, StudyReader } from "../../../shared/api/types";
import { Dialog } from "../../../shared/components/dialog";
import { Notice } from "../../../shared/components/notice";
import { useRenewReaderLink } from "../api/renew-reader-link";
import { useWithdrawReader } from "../api/withdraw-reader";
import { isActive } from "../lib/readers";
import { ReaderLink } from "./reader-link";
import { ReasonDialog } from "./reason-dialog";
import { ReminderDialog } from "./reminder-dialog";
import classes from "./running.module.css";

interface ReaderActionsProps {
  study: StudyRead;
  reader: StudyReader;
}

/** What a coordinator may do with a reader; each opens a sheet that says what happens. */
export function ReaderActions({ study, reader }: ReaderActionsProps) {
  const [opened, setOpened] = useState<"link" | "remind" | "withdraw" | null>(null);
  const close = () => setOpened(null);
  const common = { variant: "default", size: "compact-xs" } as const;
  const { name } = reader;
  if (reader.status === "withdrawn" || reader.simulated) {
    return null;
  }
  return (
    <span className={classes.actions}>
      {reader.pending_account && (
        <Button {...common} aria-label={`New link for ${name}`} onClick={() => setOpened("link")}>
          New link …
        </Button>
      )}
      {study.status === "open" && isActive(reader) && (
        <Button {...common} aria-label={`Remind ${name}`} onClick={() => setOpened("remind")}>
          Remind …
        </Button>
      )}
      <Button {...common} aria-label={`Withdraw ${name}`} onClick={() => setOpened("withdraw")}>
        Withdraw …
      </Button>
      {opened === "link" && <LinkDialog study={study} reader={reader} onClose={close} />}
      {opened === "remind" && <ReminderDialog study={study} reader={reader} onClose={close} />}
      {opened === "withdraw" && <WithdrawDialog study={study} reader={reader} onClose={close} />}
    </span>
  );
}

interface SheetProps extends ReaderActionsProps {
  onClose: () => void;
}

function WithdrawDialog({ study, reader, onClose }: SheetProps) {
  const withdraw = useWithdrawReader(study.id, reader.id);
  return (
    <ReasonDialog
      title={`Withdraw ${reader.name}?`}
      confirm="Withdraw"
      failed="Not withdrawn"
      pending={withdraw.isPending}
      error={withdraw.error}
      onConfirm={(reason) => withdraw.mutate(reason, { onSuccess: onClose })}
      onClose={onClose}
    >
      {reader.code} reads no more in this study.{" "}
      {reader.done > 0
        ? "Answers given so far stay in the export, marked as withdrawn, and out of the results. "
        : ""}
      This cannot be undone.
    </ReasonDialog>
  );
}

function LinkDialog({ study, reader, onClose }: SheetProps) {
  const renew = useRenewReaderLink(study.id, reader.id);
  return (
    <Dialog opened onClose={onClose} title={`New link: ${reader.name}`} width={540}>
      {renew.data ? (
        <ReaderLink invited={renew.data} onClose={onClose} />
      ) : (
        <div className={classes.form}>
          <p>They have not chosen a password yet. Links made earlier do not work any more.</p>
          {renew.isError && (
            <Notice tone="error" title="No link was made" live>
              {messageOf(renew.error)}
            </Notice>
          )}
          <div className={classes.buttons}>
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button data-autofocus loading={renew.isPending} onClick={() => renew.mutate()}>
              Make a link
            </Button>
          </div>
        </div>
      )}
    </Dialog>
  );
}
