import { useLocation } from "react-router";
import { SignInForm } from "../../features/auth/components/sign-in-form";
import { SingleSignOnButton } from "../../features/auth/components/single-sign-on-button";
import { problemWords } from "../../features/auth/lib/problems";
import type { SessionInfo, SignInOptions } from "../../shared/api/types";
import { Notice } from "../../shared/components/notice";
import { PlainPage } from "./plain-page";
import classes from "./plain-page.module.css";

interface SignInPageProps {
  options: SignInOptions;
  onSignedIn: (session: SessionInfo, password: string) => void;
}

/** Stands in front of every address; the one that was asked for is shown afterwards. */
export function SignInPage({ options, onSignedIn }: SignInPageProps) {
  const { pathname, search } = useLocation();
  const failed = pathname === "/sign-in";
  const problem = failed ? problemWords(new URLSearchParams(search).get("problem")) : null;
  return (
    <PlainPage title="Sign in">
      {problem && (
        <Notice tone="error" title={problem.title} live>
          {problem.text}
        </Notice>
      )}
      {options.first_start && (
        <Notice tone="info" title="This is the first start">
          Unless they were set before: the e-mail is <code>admin@localhost</code>, and the one-time
          password is printed where the server was started.
        </Notice>
      )}
      <SignInForm onSignedIn={onSignedIn} />
      <SingleSignOnButton
        provider={options.single_sign_on}
        next={failed ? "/" : pathname + search}
      />
      <p className={classes.text}>
        No account, or password forgotten? An administrator of this server can give you a link.
      </p>
    </PlainPage>
  );
}
