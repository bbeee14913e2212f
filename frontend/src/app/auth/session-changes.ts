/** Somebody comes, somebody leaves: in this tab, and told to the others. */

import type { QueryClient } from "@tanstack/react-query";
import { sessionOptions } from "../../shared/api/get-session";
import { queryKeys } from "../../shared/api/query-keys";
import { sessionGate } from "../../shared/api/session-gate";
import type { SessionInfo } from "../../shared/api/types";

/** Other tabs hear of a change of this key; its value is of no use to anybody. */
export const SESSION_MARK = "vitrine.session";

export type SessionMark = "in" | "out";

export function tellOtherTabs(mark: SessionMark): void {
  try {
    localStorage.setItem(SESSION_MARK, `${mark} ${Date.now()}`);
  } catch {
    // Storage forbidden: the others notice when they are looked at.
  }
}

/** Nothing that one person was shown is kept for the next one. */
function forget(queryClient: QueryClient): void {
  queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== queryKeys.session[0] });
  queryClient.getMutationCache().clear();
}

/** Somebody has signed in who was not before. */
export function enter(queryClient: QueryClient, session: SessionInfo): void {
  const before = queryClient.getQueryData(sessionOptions().queryKey)?.account;
  if (before?.id !== session.account?.id) {
    sessionGate.release();
    forget(queryClient);
  }
  queryClient.setQueryData(sessionOptions().queryKey, session);
  tellOtherTabs("in");
}

/** To the sign-in page, with nothing left behind. */
export function leave(queryClient: QueryClient): void {
  sessionGate.release();
  queryClient.setQueryData(sessionOptions().queryKey, (session) =>
    session ? { ...session, account: null } : session,
  );
  forget(queryClient);
}
