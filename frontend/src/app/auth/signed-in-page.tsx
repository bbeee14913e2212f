import { useDocumentTitle } from "@mantine/hooks";
import { Link } from "react-router";
import { PageMessage } from "../shell/page-message";

/** Where single sign-on ends when another tab waits for it. */
export function SignedInPage() {
  useDocumentTitle("Signed in · Vitrine");
  return (
    <PageMessage title="You are signed in again">
      <p>Close this tab. The other one goes on by itself, with everything as you left it.</p>
      <p>
        <Link to="/">Or go to the cases here</Link>
      </p>
    </PageMessage>
  );
}
