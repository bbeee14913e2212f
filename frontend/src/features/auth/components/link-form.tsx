import { Button, TextInput } from "@mantine/core";
import { type SubmitEvent, useState } from "react";
import { ApiError, messageOf } from "../../../shared/api/api-error";
import type { Link, SessionInfo } from "../../../shared/api/types";
import { NewPasswordField } from "../../../shared/components/new-password-field";
import { Notice } from "../../../shared/components/notice";
import { isLongEnough } from "../../../shared/lib/password-rule";
import { useAcceptLink } from "../api/accept-link";
import classes from "./auth-form.module.css";

interface LinkFormProps {
  link: Link;
  token: string;
  onDone: (session: SessionInfo) => void;
}

/** What an invitation or a reset asks for: a password, and with an invitation the name. */
export function LinkForm({ link, token, onDone }: LinkFormProps) {
  const invited = link.purpose === "invitation";
  const [name, setName] = useState(link.name);
  const [password, setPassword] = useState("");
  const [tried, setTried] = useState(false);
  const accept = useAcceptLink();
  const isWeak = accept.error instanceof ApiError && accept.error.code === "weak_password";

  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    setTried(true);
    if (isLongEnough(password)) {
      const body = { token, password, ...(invited && { name: name.trim() }) };
      accept.mutate(body, { onSuccess: onDone });
    }
  };

  return (
    <form className={classes.form} onSubmit={submit}>
      {accept.isError && !isWeak && (
        <Notice tone="error" title="Not done" live>
          {messageOf(accept.error)}
        </Notice>
      )}
      <TextInput
        size="sm"
        label="E-mail"
        description="You sign in with it."
        autoComplete="username"
        readOnly
        variant="filled"
        value={link.email}
      />
      {invited && (
        <TextInput
          size="sm"
          label="Your name"
          autoComplete="name"
          required
          withAsterisk={false}
          maxLength={120}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
      )}
      <NewPasswordField
        label={invited ? "Password of your own" : "New password"}
        value={password}
        onChange={setPassword}
        tried={tried}
        error={isWeak ? messageOf(accept.error) : null}
        autoFocus
      />
      <Button type="submit" size="sm" loading={accept.isPending}>
        {invited ? "Accept and sign in" : "Set the password and sign in"}
      </Button>
    </form>
  );
}
