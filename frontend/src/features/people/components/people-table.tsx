import { useAccount } from "../../../shared/account/account-context";
import { roleName } from "../../../shared/account/words";
import type { Group, Person } from "../../../shared/api/types";
import table from "../../../shared/components/data-table.module.css";
import { Tag } from "../../../shared/components/tag";
import { formatDateTime } from "../../../shared/lib/format";
import classes from "./people-form.module.css";
import { PersonActions } from "./person-actions";

interface PeopleTableProps {
  people: readonly Person[];
  groups: readonly Group[];
}

export function PeopleTable({ people, groups }: PeopleTableProps) {
  return (
    <table className={table.table}>
      <caption className="visually-hidden">People</caption>
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Role</th>
          <th scope="col">Groups</th>
          <th scope="col">Status</th>
          <th scope="col">Last sign-in</th>
          <th scope="col">
            <span className="visually-hidden">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {people.map((person) => (
          <PersonRow key={person.id} person={person} groups={groups} />
        ))}
      </tbody>
    </table>
  );
}

function PersonRow({ person, groups }: { person: Person; groups: readonly Group[] }) {
  const account = useAccount();
  return (
    <tr>
      <th scope="row">
        <span className={table.strong}>{person.name}</span>{" "}
        {person.id === account.id && <Tag tone="accent">you</Tag>}{" "}
        {person.single_sign_on && <Tag>single sign-on</Tag>}
        <br />
        <span className={table.dim}>{person.email}</span>
      </th>
      <td>{roleName(person.role)}</td>
      <td className={table.dim}>{person.groups.map(({ name }) => name).join(", ") || "—"}</td>
      <td className={classes.status} data-status={person.status}>
        {person.status}
      </td>
      <td className={`${table.dim} ${table.line}`}>
        {person.last_sign_in_at ? formatDateTime(person.last_sign_in_at) : "never"}
      </td>
      <td className={table.buttons}>
        <PersonActions person={person} groups={groups} />
      </td>
    </tr>
  );
}
