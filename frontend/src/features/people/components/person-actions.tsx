import { Button } from "@mantine/core";
import { useState } from "react";
import { messageOf } from "../../../shared/api/api-error";
import type { Group, Person } from "../../../shared/api/types";
import { Confirm } from "../../../shared/components/confirm";
import { Dialog } from "../../../shared/components/dialog";
import { Notice } from "../../../shared/components/notice";
import { useCreatePersonLink } from "../api/create-person-link";
import { useUpdatePerson } from "../api/update-person";
import { EditPersonDialog } from "./edit-person-dialog";
import { LinkShownOnce } from "./link-shown-once";
import classes from "./people-form.module.css";

interface PersonActionsProps {
  person: Person;
  groups: readonly Group[];
}

/** What an administrator may do with an account; each opens a sheet that says what happens. */
export function PersonActions({ person, groups }: PersonActionsProps) {
  const [opened, setOpened] = useState<"edit" | "link" | "active" | null>(null);
  const close = () => setOpened(null);
  const isActive = person.status !== "deactivated";
  const { name } = person;
  const common = { variant: "default", size: "compact-xs" } as const;
  return (
    <span className={classes.actions}>
      <Button {...common} aria-label={`Change ${name}`} onClick={() => setOpened("edit")}>
        Change …
      </Button>
      {isActive && !person.single_sign_on && (
        <Button {...common} aria-label={`New link for ${name}`} onClick={() => setOpened("link")}>
          New link …
        </Button>
      )}
      <Button
        {...common}
        aria-label={`${isActive ? "Deactivate" : "Activate"} ${name}`}
        onClick={() => setOpened("active")}
      >
        {isActive ? "Deactivate …" : "Activate …"}
      </Button>
      {opened === "edit" && <EditPersonDialog person={person} groups={groups} onClose={close} />}
      {opened === "link" && <NewLinkDialog person={person} onClose={close} />}
      {opened === "active" && <ActiveDialog person={person} onClose={close} />}
    </span>
  );
}

interface SheetProps {
  person: Person;
  onClose: () => void;
}

function ActiveDialog({ person, onClose }: SheetProps) {
  const update = useUpdatePerson(person.id);
  const activate = person.status === "deactivated";
  return (
    <Confirm
      opened
      onClose={onClose}
      title={`${activate ? "Activate" : "Deactivate"} ${person.name}?`}
      confirm={activate ? "Activate" : "Deactivate"}
      failed="Nothing was changed"
      harmless={activate}
      pending={update.isPending}
      error={update.error}
      onConfirm={() => update.mutate({ active: activate }, { onSuccess: onClose })}
    >
      {activate
        ? "They can sign in again, with the password and the role they had."
        : "They are signed out everywhere at once, their API tokens end, and they cannot sign in any more. Their cases and what the audit trail says about them stay."}
    </Confirm>
  );
}

function NewLinkDialog({ person, onClose }: SheetProps) {
  const create = useCreatePersonLink(person.id);
  const title = person.status === "invited" ? "New invitation link" : "Link to choose a password";
  return (
    <Dialog opened onClose={onClose} title={`${title}: ${person.name}`} width={520}>
      {create.data ? (
        <LinkShownOnce link={create.data} name={person.name} onClose={onClose} />
      ) : (
        <div className={classes.form}>
          <p className={classes.text}>
            Links made earlier do not work any more. A password they have now goes on working until
            the new link is used.
          </p>
          {create.isError && (
            <Notice tone="error" title="No link was made" live>
              {messageOf(create.error)}
            </Notice>
          )}
          <div className={classes.buttons}>
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button data-autofocus loading={create.isPending} onClick={() => create.mutate()}>
              Make a link
            </Button>
          </div>
        </div>
      )}
    </Dialog>
  );
}
