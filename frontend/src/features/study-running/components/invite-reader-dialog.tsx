import { Button, SegmentedControl, Select, TextInput } from "@mantine/core";
import { type SubmitEvent, useState } from "react";
import { messageOf } from "../../../shared/api/api-error";
import type { ReaderCandidate, ReaderInvite, StudyRead } from "../../../shared/api/types";
import { Dialog } from "../../../shared/components/dialog";
import { Notice } from "../../../shared/components/notice";
import { useInviteStudyReader } from "../api/invite-study-reader";
import { ReaderLink } from "./reader-link";
import classes from "./running.module.css";

interface InviteReaderDialogProps {
  study: StudyRead;
  /** Accounts that do not read yet. */
  candidates: readonly ReaderCandidate[];
  onClose: () => void;
}

type Way = "account" | "new";

interface Form {
  userId: string | null;
  name: string;
  email: string;
}

const EMPTY: Form = { userId: null, name: "", email: "" };

/** Somebody who has an account, or somebody new by name and address. */
export function InviteReaderDialog({ study, candidates, onClose }: InviteReaderDialogProps) {
  const [way, setWay] = useState<Way>(candidates.length > 0 ? "account" : "new");
  const [form, setForm] = useState(EMPTY);
  const invite = useInviteStudyReader(study.id);
  if (invite.data) {
    return (
      <Dialog opened onClose={onClose} title="Reader invited" width={540}>
        <ReaderLink invited={invite.data} onClose={onClose} />
      </Dialog>
    );
  }
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    invite.mutate(bodyOf(way, form));
  };
  const incomplete = way === "account" ? !form.userId : !form.name.trim() || !form.email.trim();
  return (
    <Dialog opened onClose={onClose} title="Invite a reader" width={540}>
      <form className={classes.form} onSubmit={submit}>
        <SegmentedControl
          size="xs"
          aria-label="Whom to invite"
          data={[
            { value: "account", label: "Somebody with an account" },
            { value: "new", label: "Somebody new" },
          ]}
          value={way}
          onChange={(value) => setWay(value === "new" ? "new" : "account")}
        />
        {way === "account" ? (
          <AccountField form={form} candidates={candidates} onChange={setForm} />
        ) : (
          <NewFields form={form} onChange={setForm} />
        )}
        <p>{orderWords(study)}</p>
        {invite.isError && (
          <Notice tone="error" title="Not invited" live>
            {messageOf(invite.error)}
          </Notice>
        )}
        <div className={classes.buttons}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={invite.isPending} disabled={incomplete}>
            Invite
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function bodyOf(way: Way, { userId, name, email }: Form): ReaderInvite {
  return way === "account" ? { user_id: userId } : { name: name.trim(), email: email.trim() };
}

/** What being invited means at this moment. */
function orderWords({ status }: StudyRead): string {
  return status === "open"
    ? "Their order of items is drawn at once, and they can begin."
    : "Their order of items is drawn when the study is published; they can begin then.";
}

interface FieldsProps {
  form: Form;
  onChange: (form: Form) => void;
}

function AccountField(props: FieldsProps & Pick<InviteReaderDialogProps, "candidates">) {
  const { form, candidates, onChange } = props;
  return (
    <Select
      label="Account"
      placeholder={candidates.length === 0 ? "Everybody with an account reads already" : "Choose"}
      searchable
      nothingFoundMessage="No account with this name or address"
      data={candidates.map(({ id, name, email }) => ({ value: id, label: `${name}, ${email}` }))}
      value={form.userId}
      onChange={(userId) => onChange({ ...form, userId })}
    />
  );
}

function NewFields({ form, onChange }: FieldsProps) {
  return (
    <>
      <TextInput
        label="Name"
        autoComplete="off"
        maxLength={120}
        value={form.name}
        onChange={(event) => onChange({ ...form, name: event.currentTarget.value })}
      />
      <TextInput
        label="E-mail"
        type="email"
        autoComplete="off"
        description="A reader’s account is made for them: it sees its own cases and the studies it reads in."
        value={form.email}
        onChange={(event) => onChange({ ...form, email: event.currentTarget.value })}
      />
    </>
  );
}
