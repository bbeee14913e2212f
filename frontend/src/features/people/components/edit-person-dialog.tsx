import { Button } from "@mantine/core";
import { type SubmitEvent, useState } from "react";
import { messageOf } from "../../../shared/api/api-error";
import type { Group, Person } from "../../../shared/api/types";
import { Dialog } from "../../../shared/components/dialog";
import { Notice } from "../../../shared/components/notice";
import { useUpdatePerson } from "../api/update-person";
import classes from "./people-form.module.css";
import { isAtField, PersonFields, type PersonForm } from "./person-fields";

interface EditPersonDialogProps {
  person: Person;
  groups: readonly Group[];
  onClose: () => void;
}

export function EditPersonDialog({ person, groups, onClose }: EditPersonDialogProps) {
  const { name, email, role } = person;
  const [form, setForm] = useState<PersonForm>({
    name,
    email,
    role,
    group_ids: person.groups.map(({ id }) => id),
  });
  const update = useUpdatePerson(person.id);
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const body = { ...form, email: form.email.trim(), name: form.name.trim() };
    update.mutate(body, { onSuccess: onClose });
  };
  return (
    <Dialog opened onClose={onClose} title={`Change ${person.name}`} width={520}>
      <form className={classes.form} onSubmit={submit}>
        <PersonFields form={form} onChange={setForm} groups={groups} error={update.error} />
        {update.isError && !isAtField(update.error) && (
          <Notice tone="error" title="Not saved" live>
            {messageOf(update.error)}
          </Notice>
        )}
        <div className={classes.buttons}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={update.isPending}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
