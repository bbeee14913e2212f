import { Button } from "@mantine/core";
import { IconExternalLink } from "@tabler/icons-react";
import { singleSignOnAddress } from "../lib/problems";
import classes from "./auth-form.module.css";

interface SingleSignOnButtonProps {
  /** What the provider is called; null: there is none. */
  provider: string | null;
  next: string;
  /** In a tab of its own, where this page must stay as it is. */
  newTab?: boolean;
}

export function SingleSignOnButton({ provider, next, newTab = false }: SingleSignOnButtonProps) {
  if (provider === null) {
    return null;
  }
  return (
    <>
      <div className={classes.or}>or</div>
      <Button
        component="a"
        size="sm"
        variant="default"
        fullWidth
        href={singleSignOnAddress(next)}
        {...(newTab && { target: "_blank", rel: "noopener" })}
        rightSection={newTab && <IconExternalLink size={14} aria-hidden />}
      >
        Sign in with {provider}
        {newTab && <span className="visually-hidden"> in a new tab</span>}
      </Button>
    </>
  );
}
