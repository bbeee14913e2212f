import { Button, PasswordInput } from "@mantine/core";
import { type SubmitEvent, useState } from "react";
import { useAccount } from "../../../shared/account/account-context";
import { ApiError, messageOf } from "../../../shared/api/api-error";
import { NewPasswordField } from "../../../shared/components/new-password-field";
import { Notice } from "../../../shared/components/notice";
import { isLongEnough } from "../../../shared/lib/password-rule";
import { useSetPassword } from "../api/set-password";
import classes from "./fields.module.css";

const AT_A_FIELD = ["weak_password", "wrong_password"];

export function PasswordForm() {
  const account = useAccount();
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const [tried, setTried] = useState(false);
  const save = useSetPassword();
  const code = save.error instanceof ApiError ? save.error.code : null;

  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    setTried(true);
    if (!isLongEnough(next)) {
      return;
    }
    const body = { new_password: next, current_password: current };
    save.mutate(body, {
      onSuccess: () => {
        setCurrent("");
        setNext("");
        setTried(false);
      },
    });
  };

  return (
    <form className={classes.fields} onSubmit={submit}>
      {/* For password managers: whose password it is. */}
      <input type="hidden" autoComplete="username" value={account.email} readOnly />
      <PasswordInput
        label="Current password"
        autoComplete="current-password"
        required
        withAsterisk={false}
        value={current}
        error={code === "wrong_password" && messageOf(save.error)}
        visibilityToggleButtonProps={{ "aria-label": "Show the current password", tabIndex: 0 }}
        onChange={(event) => setCurrent(event.currentTarget.value)}
      />
      <NewPasswordField
        size="xs"
        value={next}
        onChange={setNext}
        tried={tried}
        error={code === "weak_password" ? messageOf(save.error) : null}
      />
      {save.isError && !AT_A_FIELD.includes(code ?? "") && (
        <Notice tone="error" title="Not changed" live>
          {messageOf(save.error)}
        </Notice>
      )}
      <div className={classes.submit}>
        <Button type="submit" variant="default" loading={save.isPending}>
          Change the password
        </Button>
        <span role="status" className={classes.saved}>
          {save.isSuccess && next === "" && "Changed. You are signed out everywhere else."}
        </span>
      </div>
    </form>
  );
}
