import { Button, PasswordInput, TextInput } from "@mantine/core";
import { type SubmitEvent, useRef, useState } from "react";
import { messageOf } from "../../../shared/api/api-error";
import type { SessionInfo } from "../../../shared/api/types";
import { Notice } from "../../../shared/components/notice";
import { useLogIn } from "../api/log-in";
import classes from "./auth-form.module.css";

interface SignInFormProps {
  /** Whose session ended: only they can go on here. */
  fixedEmail?: string;
  onSignedIn: (session: SessionInfo, password: string) => void;
}

/** E-mail and password. After a refusal the e-mail stays, and the password is typed anew. */
export function SignInForm({ fixedEmail, onSignedIn }: SignInFormProps) {
  const [email, setEmail] = useState(fixedEmail ?? "");
  const [password, setPassword] = useState("");
  const passwordField = useRef<HTMLInputElement>(null);
  const logIn = useLogIn();

  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    logIn.mutate(
      { email: email.trim(), password },
      {
        onSuccess: (session) => onSignedIn(session, password),
        onError: () => {
          setPassword("");
          passwordField.current?.focus();
        },
      },
    );
  };

  return (
    <form className={classes.form} onSubmit={submit}>
      {logIn.isError && (
        <Notice tone="error" title="Not signed in" live>
          {messageOf(logIn.error)}
        </Notice>
      )}
      <TextInput
        size="sm"
        label="E-mail"
        // Not type="email": admin@localhost is an address here, and some browsers think otherwise.
        inputMode="email"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        required
        withAsterisk={false}
        readOnly={fixedEmail !== undefined}
        variant={fixedEmail === undefined ? "default" : "filled"}
        autoFocus={fixedEmail === undefined}
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
      />
      <PasswordInput
        ref={passwordField}
        size="sm"
        label="Password"
        autoComplete="current-password"
        required
        withAsterisk={false}
        data-autofocus={fixedEmail !== undefined || undefined}
        visibilityToggleButtonProps={{ "aria-label": "Show the password", tabIndex: 0 }}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <Button type="submit" size="sm" loading={logIn.isPending}>
        Sign in
      </Button>
    </form>
  );
}
