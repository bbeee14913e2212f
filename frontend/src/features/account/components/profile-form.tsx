import { Button, PasswordInput, TextInput } from "@mantine/core";
import { type SubmitEvent, useState } from "react";
import { useAccount } from "../../../shared/account/account-context";
import { ApiError, messageOf } from "../../../shared/api/api-error";
import { Notice } from "../../../shared/components/notice";
import { useUpdateAccount } from "../api/update-account";
import classes from "./fields.module.css";

const AT_A_FIELD = ["email_taken", "wrong_password"];

/** Name and e-mail. Only administrators change addresses: they name people in the audit trail. */
export function ProfileForm() {
  const account = useAccount();
  const [name, setName] = useState(account.name);
  const [email, setEmail] = useState(account.email);
  const [password, setPassword] = useState("");
  const update = useUpdateAccount();
  const mayChange = account.has_password && account.permissions.includes("people:write");
  const newEmail = email.trim() !== account.email;
  const changed = newEmail || name.trim() !== account.name;
  const code = update.error instanceof ApiError ? update.error.code : null;

  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const changes = {
      name: name.trim(),
      ...(newEmail && { email: email.trim(), current_password: password }),
    };
    update.mutate(changes, {
      onSuccess: ({ account: saved }) => {
        setPassword("");
        setEmail(saved?.email ?? email);
        setName(saved?.name ?? name);
      },
    });
  };

  return (
    <form className={classes.fields} onSubmit={submit}>
      <TextInput
        label="Name"
        description="As others see it on cases you share."
        autoComplete="name"
        required
        withAsterisk={false}
        maxLength={120}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        label="E-mail"
        inputMode="email"
        autoComplete="username"
        spellCheck={false}
        required
        withAsterisk={false}
        maxLength={254}
        disabled={!mayChange}
        description={
          mayChange
            ? "You sign in with it."
            : "An administrator can change it, under People and groups."
        }
        value={email}
        error={code === "email_taken" && messageOf(update.error)}
        onChange={(event) => setEmail(event.currentTarget.value)}
      />
      {newEmail && (
        <PasswordInput
          label="Current password"
          description="To confirm the new e-mail."
          autoComplete="current-password"
          required
          withAsterisk={false}
          value={password}
          error={code === "wrong_password" && messageOf(update.error)}
          visibilityToggleButtonProps={{ "aria-label": "Show the current password", tabIndex: 0 }}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
      )}
      {update.isError && !AT_A_FIELD.includes(code ?? "") && (
        <Notice tone="error" title="Not saved" live>
          {messageOf(update.error)}
        </Notice>
      )}
      <div className={classes.submit}>
        <Button type="submit" variant="default" disabled={!changed} loading={update.isPending}>
          Save
        </Button>
        <span role="status" className={classes.saved}>
          {update.isSuccess && !changed && "Saved"}
        </span>
      </div>
    </form>
  );
}
