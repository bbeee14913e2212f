import { TakeOverForm } from "../../features/auth/components/take-over-form";
import type { Account, SessionInfo } from "../../shared/api/types";
import { PlainPage } from "./plain-page";
import classes from "./plain-page.module.css";

interface FirstStartPageProps {
  account: Account;
  oneTimePassword: string | null;
  onDone: (session: SessionInfo) => void;
}

/** Before anything else: the password that somebody else gave is replaced. */
export function FirstStartPage({ account, oneTimePassword, onDone }: FirstStartPageProps) {
  return (
    <PlainPage title="Welcome to Vitrine">
      <p className={classes.text}>
        You signed in with a one-time password. Make this account your own; then the one-time
        password does not work any more.
      </p>
      <TakeOverForm account={account} oneTimePassword={oneTimePassword} onDone={onDone} />
    </PlainPage>
  );
}
