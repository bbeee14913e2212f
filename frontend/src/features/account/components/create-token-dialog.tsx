import { Button, Checkbox, Select, TextInput } from "@mantine/core";
import { type SubmitEvent, useState } from "react";
import { useAccount } from "../../../shared/account/account-context";
import { PERMISSION_WORDS } from "../../../shared/account/words";
import { messageOf } from "../../../shared/api/api-error";
import type { ApiTokenCreated, Permission } from "../../../shared/api/types";
import { CopyField } from "../../../shared/components/copy-field";
import { Dialog } from "../../../shared/components/dialog";
import { Notice } from "../../../shared/components/notice";
import { formatDateTime } from "../../../shared/lib/format";
import { useCreateToken } from "../api/create-token";
import classes from "./fields.module.css";

/** A stolen token must not make another, nor change who may do what. The server refuses these as well. */
const NEVER: readonly Permission[] = ["account", "people:write"];

const DAYS = [
  { value: "30", label: "30 days" },
  { value: "90", label: "90 days" },
  { value: "365", label: "a year" },
];

interface CreateTokenDialogProps {
  opened: boolean;
  onClose: () => void;
}

export function CreateTokenDialog({ opened, onClose }: CreateTokenDialogProps) {
  return (
    <Dialog opened={opened} onClose={onClose} title="New API token" width={520}>
      {opened && <Content onClose={onClose} />}
    </Dialog>
  );
}

function Content({ onClose }: Pick<CreateTokenDialogProps, "onClose">) {
  const [created, setCreated] = useState<ApiTokenCreated | null>(null);
  return created ? (
    <Created token={created} onClose={onClose} />
  ) : (
    <TokenForm onCreated={setCreated} onClose={onClose} />
  );
}

interface TokenFormProps {
  onCreated: (token: ApiTokenCreated) => void;
  onClose: () => void;
}

function TokenForm({ onCreated, onClose }: TokenFormProps) {
  const { permissions } = useAccount();
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<string[]>(["cases:read"]);
  const [days, setDays] = useState("90");
  const create = useCreateToken();
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const body = { name: name.trim(), scopes: scopes as Permission[], days: Number(days) };
    if (scopes.length > 0) {
      create.mutate(body, { onSuccess: onCreated });
    }
  };
  return (
    <form className={classes.form} onSubmit={submit}>
      <TextInput
        label="Name"
        description="What will use it, so that you know later."
        required
        withAsterisk={false}
        maxLength={120}
        data-autofocus
        autoComplete="off"
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Checkbox.Group
        size="xs"
        label="What it may do"
        value={scopes}
        onChange={setScopes}
        error={scopes.length === 0 && "Choose at least one."}
      >
        <div className={classes.scopes}>
          {permissions
            .filter((permission) => !NEVER.includes(permission))
            .map((permission) => (
              <Checkbox
                key={permission}
                size="xs"
                value={permission}
                label={PERMISSION_WORDS[permission]}
              />
            ))}
        </div>
      </Checkbox.Group>
      <Select
        label="Ends after"
        data={DAYS}
        value={days}
        onChange={(value) => setDays(value ?? days)}
        allowDeselect={false}
        comboboxProps={{ withinPortal: true }}
      />
      {create.isError && (
        <Notice tone="error" title="Not created" live>
          {messageOf(create.error)}
        </Notice>
      )}
      <div className={classes.buttons}>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" loading={create.isPending}>
          Create the token
        </Button>
      </div>
    </form>
  );
}

function Created({ token, onClose }: { token: ApiTokenCreated; onClose: () => void }) {
  const example = `curl -H "Authorization: Bearer ${token.token}" ${window.location.origin}/api/v1/cases`;
  return (
    <div className={classes.form}>
      <Notice tone="warning" title="Shown only once" live>
        Copy the token now and keep it like a password. It works until{" "}
        {formatDateTime(token.expires_at)}.
      </Notice>
      <CopyField label={`Token “${token.name}”`} value={token.token} />
      <div>
        <p className={classes.text}>For example, on a command line:</p>
        <pre className={classes.curl}>{example}</pre>
      </div>
      <div className={classes.buttons}>
        <Button onClick={onClose}>Done</Button>
      </div>
    </div>
  );
}
