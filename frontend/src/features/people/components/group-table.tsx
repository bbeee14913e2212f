import { Button } from "@mantine/core";
import { useState } from "react";
import type { Group, Person } from "../../../shared/api/types";
import { Confirm } from "../../../shared/components/confirm";
import table from "../../../shared/components/data-table.module.css";
import { useDeleteGroup } from "../api/delete-group";
import { GroupDialog } from "./group-dialog";
import classes from "./people-form.module.css";

interface GroupTableProps {
  groups: readonly Group[];
  people: readonly Person[];
}

export function GroupTable({ groups, people }: GroupTableProps) {
  if (groups.length === 0) {
    return (
      <p className={table.empty}>
        No groups yet. A group, such as a department or a study, is what cases are shared with.
      </p>
    );
  }
  return (
    <table className={table.table}>
      <caption className="visually-hidden">Groups</caption>
      <thead>
        <tr>
          <th scope="col">Group</th>
          <th scope="col">Members</th>
          <th scope="col">
            <span className="visually-hidden">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {groups.map((group) => (
          <tr key={group.id}>
            <th scope="row" className={table.strong}>
              {group.name}
            </th>
            <td className={table.dim}>
              {group.members.map(({ name }) => name).join(", ") || "nobody"}
            </td>
            <td className={table.buttons}>
              <GroupActions group={group} people={people} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function GroupActions({ group, people }: { group: Group; people: readonly Person[] }) {
  const [opened, setOpened] = useState<"edit" | "delete" | null>(null);
  const close = () => setOpened(null);
  const deletion = useDeleteGroup(group.id);
  const common = { variant: "default", size: "compact-xs" } as const;
  return (
    <span className={classes.actions}>
      <Button {...common} aria-label={`Change ${group.name}`} onClick={() => setOpened("edit")}>
        Change …
      </Button>
      <Button {...common} aria-label={`Delete ${group.name}`} onClick={() => setOpened("delete")}>
        Delete …
      </Button>
      {opened === "edit" && <GroupDialog group={group} people={people} onClose={close} />}
      <Confirm
        opened={opened === "delete"}
        onClose={close}
        title={`Delete “${group.name}”?`}
        confirm="Delete"
        failed="Not deleted"
        pending={deletion.isPending}
        error={deletion.error}
        onConfirm={() => deletion.mutate(undefined, { onSuccess: close })}
      >
        Cases that are shared with it only are then seen by their owners and administrators alone.
        Nobody’s account is changed, and no case is deleted.
      </Confirm>
    </span>
  );
}
