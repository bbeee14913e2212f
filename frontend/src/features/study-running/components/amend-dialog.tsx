import { Button, Textarea } from "@mantine/core";
import { type SubmitEvent, useState } from "react";
import { messageOf } from "../../../shared/api/api-error";
import type { StudyRead } from "../../../shared/api/types";
import { Dialog } from "../../../shared/components/dialog";
import { Notice } from "../../../shared/components/notice";
import { useAmendStudy } from "../api/amend-study";
import { changesOf, formOf } from "../lib/amendment";
import { AmendFields } from "./amend-fields";
import classes from "./running.module.css";

interface AmendDialogProps {
  study: StudyRead;
  onClose: () => void;
}

/** A new version of the protocol, with a reason. Only what was changed is sent. */
export function AmendDialog({ study, onClose }: AmendDialogProps) {
  const [before] = useState(() => formOf(study.design));
  const [form, setForm] = useState(before);
  const [reason, setReason] = useState("");
  const amend = useAmendStudy(study.id);
  const changes = changesOf(before, form);
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (changes) {
      amend.mutate({ ...changes, reason: reason.trim() }, { onSuccess: onClose });
    }
  };
  return (
    <Dialog opened onClose={onClose} title="Amend the protocol" width={640}>
      <form className={classes.form} onSubmit={submit}>
        <p>
          Images, arms, tasks and orders are frozen. What stands here may change; readers meet it
          from then on, and the protocol gets a new version and hash.
        </p>
        <AmendFields design={study.design} form={form} onChange={setForm} />
        <Textarea
          label="Reason"
          description="Part of the protocol’s history."
          required
          withAsterisk={false}
          minLength={3}
          maxLength={2000}
          rows={3}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {amend.isError && (
          <Notice tone="error" title="Not amended" live>
            {messageOf(amend.error)}
          </Notice>
        )}
        <div className={classes.buttons}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            type="submit"
            loading={amend.isPending}
            disabled={changes === null || reason.trim().length < 3}
          >
            {changes === null ? "Nothing changed yet" : "Make the amendment"}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
