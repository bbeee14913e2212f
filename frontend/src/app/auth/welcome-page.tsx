import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Link, useLocation, useNavigate } from "react-router";
import { useLink } from "../../features/auth/api/inspect-link";
import { LinkForm } from "../../features/auth/components/link-form";
import { ApiError, messageOf } from "../../shared/api/api-error";
import type { SessionInfo } from "../../shared/api/types";
import { Busy } from "../../shared/components/busy";
import { Notice } from "../../shared/components/notice";
import { QueryError } from "../../shared/components/query-error";
import { formatDateTime } from "../../shared/lib/format";
import { PlainPage } from "./plain-page";
import classes from "./plain-page.module.css";
import { enter } from "./session-changes";

/** Where invitations and resets lead. Works signed out, and signed in as somebody else. */
export function WelcomePage() {
  const { hash, pathname } = useLocation();
  const navigate = useNavigate();
  const [token] = useState(() => new URLSearchParams(hash.slice(1)).get("token"));
  useEffect(() => {
    if (hash) {
      // Out of the address bar and the history: nobody should read it there.
      void navigate(pathname, { replace: true });
    }
  }, [hash, pathname, navigate]);
  return token ? <WithToken token={token} /> : <NoLink />;
}

function WithToken({ token }: { token: string }) {
  const link = useLink(token);
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  if (link.isPending) {
    return (
      <PlainPage title="Welcome to Vitrine">
        <Busy>Reading the link</Busy>
      </PlainPage>
    );
  }
  if (link.isError) {
    return link.error instanceof ApiError && link.error.code === "link_invalid" ? (
      <NoLink>{messageOf(link.error)}</NoLink>
    ) : (
      <PlainPage title="Welcome to Vitrine">
        <QueryError
          title="The link could not be read"
          error={link.error}
          onRetry={() => void link.refetch()}
        />
      </PlainPage>
    );
  }
  const invited = link.data.purpose === "invitation";
  const onDone = (session: SessionInfo) => {
    enter(queryClient, session);
    void navigate("/", { replace: true });
  };
  return (
    <PlainPage title={invited ? "Welcome to Vitrine" : "Choose a new password"}>
      <p className={classes.text}>
        {invited ? "This invitation is for " : "This link is for "}
        <strong>{link.data.name}</strong>. It works once, until{" "}
        {formatDateTime(link.data.expires_at)}.
      </p>
      <LinkForm link={link.data} token={token} onDone={onDone} />
    </PlainPage>
  );
}

function NoLink({ children }: { children?: string }) {
  return (
    <PlainPage title="This link does not work">
      <Notice tone="error" title="Nothing can be done with this link" live>
        {children ??
          "The address is incomplete. Open the whole link as you got it, in one piece; after a reload it has to be opened again."}
      </Notice>
      <p className={classes.text}>
        <Link to="/">Go to sign in</Link>
      </p>
    </PlainPage>
  );
}
