import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Outlet } from "react-router";
import { AccountProvider } from "../../shared/account/account-context";
import { sessionOptions, useSession } from "../../shared/api/get-session";
import { sessionGate } from "../../shared/api/session-gate";
import type { Account, SessionInfo, SignInOptions } from "../../shared/api/types";
import { Busy } from "../../shared/components/busy";
import { QueryError } from "../../shared/components/query-error";
import { FirstStartPage } from "./first-start-page";
import { PlainPage } from "./plain-page";
import { enter } from "./session-changes";
import { SessionEndedDialog } from "./session-ended-dialog";
import { SignInPage } from "./sign-in-page";
import { useSessionWatch } from "./use-session-watch";

/** Before anything is shown: who is there? Everything inside has an account. */
export function SessionGate() {
  const session = useSession();
  const queryClient = useQueryClient();
  /** Typed a moment ago; only ever here, and gone once it was replaced. */
  const [oneTimePassword, setOneTimePassword] = useState<string | null>(null);
  if (session.isPending) {
    return <Busy>Asking the server who you are</Busy>;
  }
  if (session.data === undefined) {
    return (
      <PlainPage title="Vitrine cannot be reached">
        <QueryError
          title="The server gave no answer"
          error={session.error}
          onRetry={() => void session.refetch()}
        />
      </PlainPage>
    );
  }
  const { account, sign_in: options } = session.data;
  const onSignedIn = (next: SessionInfo, password: string) => {
    setOneTimePassword(next.account?.must_change_password ? password : null);
    enter(queryClient, next);
  };
  if (account === null) {
    return <SignInPage options={options} onSignedIn={onSignedIn} />;
  }
  if (account.must_change_password) {
    const onDone = (next: SessionInfo) => {
      setOneTimePassword(null);
      queryClient.setQueryData(sessionOptions().queryKey, next);
    };
    return <FirstStartPage account={account} oneTimePassword={oneTimePassword} onDone={onDone} />;
  }
  return <SignedIn key={account.id} account={account} options={options} />;
}

function SignedIn({ account, options }: { account: Account; options: SignInOptions }) {
  useEffect(() => sessionGate.hold(account.id), [account.id]);
  useSessionWatch(account.id);
  return (
    <AccountProvider account={account}>
      <Outlet />
      <SessionEndedDialog options={options} />
    </AccountProvider>
  );
}
