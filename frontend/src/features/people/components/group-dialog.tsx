import { Button, MultiSelect, TextInput } from "@mantine/core";
import { type SubmitEvent, useState } from "react";
import { ApiError, messageOf } from "../../../shared/api/api-error";
import type { Group, Person } from "../../../shared/api/types";
import { Dialog } from "../../../shared/components/dialog";
import { Notice } from "../../../shared/components/notice";
import { useSaveGroup } from "../api/save-group";
import classes from "./people-form.module.css";

interface GroupDialogProps {
  /** Null: a new one. */
  group: Group | null;
  people: readonly Person[];
  onClose: () => void;
}

/** Name and members of a group. */
export function GroupDialog({ group, people, onClose }: GroupDialogProps) {
  const [name, setName] = useState(group?.name ?? "");
  const [members, setMembers] = useState(group?.members.map(({ id }) => id) ?? []);
  const save = useSaveGroup(group?.id ?? null);
  const isTaken = save.error instanceof ApiError && save.error.code === "group_name_taken";
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    save.mutate({ name: name.trim(), member_ids: members }, { onSuccess: onClose });
  };
  return (
    <Dialog
      opened
      onClose={onClose}
      title={group ? `Change “${group.name}”` : "New group"}
      width={460}
    >
      <form className={classes.form} onSubmit={submit}>
        <TextInput
          label="Name"
          autoComplete="off"
          required
          withAsterisk={false}
          maxLength={120}
          data-autofocus
          value={name}
          error={isTaken && messageOf(save.error)}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <MultiSelect
          size="xs"
          label="Members"
          description="They see the cases that are shared with this group."
          placeholder={members.length === 0 ? "Nobody yet" : undefined}
          data={people.map((person) => ({ value: person.id, label: person.name }))}
          value={members}
          onChange={setMembers}
          searchable
        />
        {save.isError && !isTaken && (
          <Notice tone="error" title="Not saved" live>
            {messageOf(save.error)}
          </Notice>
        )}
        <div className={classes.buttons}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={save.isPending}>
            {group ? "Save" : "Create the group"}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
