import { PasswordInput } from "@mantine/core";
import { isLongEnough, PASSWORD_RULE } from "../lib/password-rule";

interface NewPasswordFieldProps {
  label?: string;
  value: string;
  onChange: (value: string) => void;
  /** Why the server did not take it. */
  error?: string | null;
  /** Somebody tried to go on: from now on a short one is told. */
  tried: boolean;
  autoFocus?: boolean;
  size?: "xs" | "sm";
}

/** A password of one's own, once, with the eye to check what was typed. */
export function NewPasswordField(props: NewPasswordFieldProps) {
  const { label = "New password", value, onChange, error, tried, autoFocus, size = "sm" } = props;
  const tooShort = tried && !isLongEnough(value);
  return (
    <PasswordInput
      size={size}
      label={label}
      description={PASSWORD_RULE}
      autoComplete="new-password"
      required
      withAsterisk={false}
      maxLength={256}
      data-autofocus={autoFocus || undefined}
      autoFocus={autoFocus}
      value={value}
      error={tooShort ? "This is shorter than 12 characters." : error}
      onChange={(event) => onChange(event.currentTarget.value)}
      visibilityToggleButtonProps={{ "aria-label": "Show the password", tabIndex: 0 }}
    />
  );
}
