import { Button } from "@mantine/core";
import { type SubmitEvent, useState } from "react";
import { messageOf } from "../../../shared/api/api-error";
import type { Group, PersonInvited } from "../../../shared/api/types";
import { Dialog } from "../../../shared/components/dialog";
import { Notice } from "../../../shared/components/notice";
import { useInvitePerson } from "../api/invite-person";
import { LinkShownOnce } from "./link-shown-once";
import classes from "./people-form.module.css";
import { isAtField, PersonFields, type PersonForm } from "./person-fields";

interface InviteDialogProps {
  opened: boolean;
  onClose: () => void;
  groups: readonly Group[];
}

const NOBODY: PersonForm = { name: "", email: "", role: "reader", group_ids: [] };

export function InviteDialog({ opened, onClose, groups }: InviteDialogProps) {
  return (
    <Dialog opened={opened} onClose={onClose} title="Invite somebody" width={520}>
      {opened && <Content onClose={onClose} groups={groups} />}
    </Dialog>
  );
}

function Content({ onClose, groups }: Omit<InviteDialogProps, "opened">) {
  const [form, setForm] = useState(NOBODY);
  const [invited, setInvited] = useState<PersonInvited | null>(null);
  const invite = useInvitePerson();
  if (invited) {
    return <LinkShownOnce link={invited.link} name={invited.person.name} onClose={onClose} />;
  }
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const body = { ...form, email: form.email.trim(), name: form.name.trim() };
    invite.mutate(body, { onSuccess: setInvited });
  };
  return (
    <form className={classes.form} onSubmit={submit}>
      <PersonFields form={form} onChange={setForm} groups={groups} error={invite.error} />
      {invite.isError && !isAtField(invite.error) && (
        <Notice tone="error" title="Not invited" live>
          {messageOf(invite.error)}
        </Notice>
      )}
      <div className={classes.buttons}>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" loading={invite.isPending}>
          Create the invitation
        </Button>
      </div>
    </form>
  );
}
