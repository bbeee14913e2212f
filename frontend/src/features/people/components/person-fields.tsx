import { MultiSelect, Radio, TextInput } from "@mantine/core";
import { ROLES } from "../../../shared/account/words";
import { ApiError, messageOf } from "../../../shared/api/api-error";
import type { Group, Role } from "../../../shared/api/types";
import classes from "./people-form.module.css";

export interface PersonForm {
  name: string;
  email: string;
  role: Role;
  group_ids: string[];
}

interface PersonFieldsProps {
  form: PersonForm;
  onChange: (form: PersonForm) => void;
  groups: readonly Group[];
  /** Why the server did not take it. */
  error: unknown;
}

/** E-mail, name, role and groups: the same for an invitation and for a change. */
export function PersonFields({ form, onChange, groups, error }: PersonFieldsProps) {
  const code = error instanceof ApiError ? error.code : null;
  return (
    <>
      <TextInput
        label="E-mail"
        description="They sign in with it."
        inputMode="email"
        autoComplete="off"
        spellCheck={false}
        required
        withAsterisk={false}
        maxLength={254}
        data-autofocus
        value={form.email}
        error={code === "email_taken" && messageOf(error)}
        onChange={(event) => onChange({ ...form, email: event.currentTarget.value })}
      />
      <TextInput
        label="Name"
        autoComplete="off"
        required
        withAsterisk={false}
        maxLength={120}
        value={form.name}
        onChange={(event) => onChange({ ...form, name: event.currentTarget.value })}
      />
      <Radio.Group
        size="xs"
        label="Role"
        value={form.role}
        error={code === "last_administrator" && messageOf(error)}
        onChange={(role) => onChange({ ...form, role: role as Role })}
      >
        <div className={classes.role}>
          {ROLES.map(({ role, name, may }) => (
            <Radio key={role} size="xs" value={role} label={name} description={may} />
          ))}
        </div>
      </Radio.Group>
      <MultiSelect
        size="xs"
        label="Groups"
        description="Cases can be shared with the groups somebody belongs to."
        placeholder={form.group_ids.length === 0 ? "None" : undefined}
        data={groups.map(({ id, name }) => ({ value: id, label: name }))}
        value={form.group_ids}
        onChange={(group_ids) => onChange({ ...form, group_ids })}
        nothingFoundMessage="There is no such group. Create it under “Groups”."
        searchable
      />
    </>
  );
}

/** Whether an error already stands at its field. */
export function isAtField(error: unknown): boolean {
  return error instanceof ApiError && ["email_taken", "last_administrator"].includes(error.code);
}
