import { Button, PasswordInput, TextInput } from "@mantine/core";
import { type SubmitEvent, useState } from "react";
import { ApiError, messageOf } from "../../../shared/api/api-error";
import type { Account, SessionInfo } from "../../../shared/api/types";
import { NewPasswordField } from "../../../shared/components/new-password-field";
import { Notice } from "../../../shared/components/notice";
import { isLongEnough } from "../../../shared/lib/password-rule";
import { useTakeOverAccount } from "../api/take-over-account";
import classes from "./auth-form.module.css";

interface TakeOverFormProps {
  account: Account;
  /** As typed on the sign-in page a moment ago; null after a reload. */
  oneTimePassword: string | null;
  onDone: (session: SessionInfo) => void;
}

/** A prepared account becomes somebody's own: name, e-mail, password. */
export function TakeOverForm({ account, oneTimePassword, onDone }: TakeOverFormProps) {
  const prepared = account.name === "Administrator";
  const [name, setName] = useState(prepared ? "" : account.name);
  const [email, setEmail] = useState(account.email);
  const mayChange = account.permissions.includes("people:write");
  const [current, setCurrent] = useState(oneTimePassword ?? "");
  const [password, setPassword] = useState("");
  const [tried, setTried] = useState(false);
  const takeOver = useTakeOverAccount();
  const code = takeOver.error instanceof ApiError ? takeOver.error.code : null;
  const isWrong = code === "wrong_password";
  const asksCurrent = oneTimePassword === null || isWrong;

  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    setTried(true);
    if (isLongEnough(password)) {
      const given = { name: name.trim(), email: email.trim(), newPassword: password };
      takeOver.mutate({ ...given, oneTimePassword: current }, { onSuccess: onDone });
    }
  };

  return (
    <form className={classes.form} onSubmit={submit}>
      {takeOver.isError &&
        !["wrong_password", "weak_password", "email_taken"].includes(code ?? "") && (
          <Notice tone="error" title="Not saved" live>
            {messageOf(takeOver.error)}
          </Notice>
        )}
      <TextInput
        size="sm"
        label="Your name"
        description="As others here should see it on cases you share."
        autoComplete="name"
        required
        withAsterisk={false}
        maxLength={120}
        autoFocus
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        size="sm"
        label="E-mail"
        description={
          mayChange
            ? "You sign in with it."
            : "An administrator can change it, under People and groups."
        }
        disabled={!mayChange}
        inputMode="email"
        autoComplete="username"
        spellCheck={false}
        required
        withAsterisk={false}
        maxLength={254}
        value={email}
        error={code === "email_taken" && messageOf(takeOver.error)}
        onChange={(event) => setEmail(event.currentTarget.value)}
      />
      {asksCurrent && (
        <PasswordInput
          size="sm"
          label="One-time password"
          description="The one you signed in with."
          autoComplete="current-password"
          required
          withAsterisk={false}
          value={current}
          error={isWrong && messageOf(takeOver.error)}
          visibilityToggleButtonProps={{ "aria-label": "Show the one-time password", tabIndex: 0 }}
          onChange={(event) => setCurrent(event.currentTarget.value)}
        />
      )}
      <NewPasswordField
        label="Password of your own"
        value={password}
        onChange={setPassword}
        tried={tried}
        error={code === "weak_password" ? messageOf(takeOver.error) : null}
      />
      <Button type="submit" size="sm" loading={takeOver.isPending}>
        Save and go on
      </Button>
    </form>
  );
}
