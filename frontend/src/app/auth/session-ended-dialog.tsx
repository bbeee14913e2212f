import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState, useSyncExternalStore } from "react";
import { SignInForm } from "../../features/auth/components/sign-in-form";
import { SingleSignOnButton } from "../../features/auth/components/single-sign-on-button";
import { useAccount } from "../../shared/account/account-context";
import { unsavedWork } from "../../shared/account/unsaved-work";
import { sessionOptions } from "../../shared/api/get-session";
import { sessionGate } from "../../shared/api/session-gate";
import type { SessionInfo, SignInOptions } from "../../shared/api/types";
import { Dialog } from "../../shared/components/dialog";
import { browser } from "../../shared/lib/navigation";
import { tellOtherTabs } from "./session-changes";
import classes from "./session-ended-dialog.module.css";
import { UnsavedWork } from "./unsaved-work-list";
import { useLeave } from "./use-leave";
import { useSessionCheck } from "./use-session-watch";

const LOOK_AGAIN_MILLISECONDS = 2_000;
/** Above whatever dialog was open when the session ended. */
const ON_TOP = 500;

/** Over the page, which stays as it is: sign in again, and everything that waited goes on. */
export function SessionEndedDialog({ options }: { options: SignInOptions }) {
  const ended = useSyncExternalStore(sessionGate.subscribe, sessionGate.isClosed);
  return (
    <Dialog opened={ended} title="Your session has ended" width={400} zIndex={ON_TOP}>
      {ended && <Content options={options} />}
    </Dialog>
  );
}

function Content({ options }: { options: SignInOptions }) {
  const account = useAccount();
  const queryClient = useQueryClient();
  const check = useSessionCheck(account.id);
  const [leaving, setLeaving] = useState(false);

  useEffect(() => {
    // Single sign-on happens in another tab, and so may any other way of coming back.
    const timer = setInterval(() => void check(), LOOK_AGAIN_MILLISECONDS);
    return () => clearInterval(timer);
  }, [check]);

  const onSignedIn = (session: SessionInfo) => {
    if (session.account?.id !== account.id) {
      browser.reload();
      return;
    }
    queryClient.setQueryData(sessionOptions().queryKey, session);
    sessionGate.open();
    tellOtherTabs("in");
  };

  if (leaving) {
    return <Leaving onStay={() => setLeaving(false)} />;
  }
  return (
    <div className={classes.content}>
      <p className={classes.text}>Sign in again to go on; nothing you typed is lost.</p>
      {account.has_password && <SignInForm fixedEmail={account.email} onSignedIn={onSignedIn} />}
      <SingleSignOnButton provider={options.single_sign_on} next="/signed-in" newTab />
      <Button variant="subtle" color="gray" onClick={() => setLeaving(true)}>
        Sign in as somebody else …
      </Button>
    </div>
  );
}

function Leaving({ onStay }: { onStay: () => void }) {
  const leaveNow = useLeave();
  const [work] = useState(unsavedWork);
  return (
    <div className={classes.content}>
      <p className={classes.text}>
        This closes what is open here and leads to the sign-in page, for another person.
      </p>
      <UnsavedWork work={work} />
      <div className={classes.actions}>
        <Button variant="default" onClick={onStay} data-autofocus>
          Stay here
        </Button>
        <Button onClick={leaveNow}>Leave</Button>
      </div>
    </div>
  );
}
