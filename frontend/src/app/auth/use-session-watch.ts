import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect } from "react";
import { getSession, sessionOptions } from "../../shared/api/get-session";
import { sessionGate } from "../../shared/api/session-gate";
import { browser } from "../../shared/lib/navigation";
import { SESSION_MARK } from "./session-changes";
import { useLeave } from "./use-leave";

/**
 * Asks the server who is signed in, and acts on it: the same person opens the gate, nobody closes it, and
 * for somebody else the page begins anew.
 */
export function useSessionCheck(accountId: string): () => Promise<void> {
  const queryClient = useQueryClient();
  return useCallback(async () => {
    const session = await getSession().catch(() => null);
    if (session === null) {
      // Not reachable: that says nothing about who is signed in.
      return;
    }
    if (session.account === null) {
      sessionGate.close();
    } else if (session.account.id === accountId) {
      queryClient.setQueryData(sessionOptions().queryKey, session);
      if (sessionGate.isClosed()) {
        sessionGate.open();
      }
    } else {
      browser.reload();
    }
  }, [queryClient, accountId]);
}

/** Looks again when the page is looked at again, and when another tab signs somebody in or out. */
export function useSessionWatch(accountId: string): void {
  const leave = useLeave();
  const check = useSessionCheck(accountId);
  useEffect(() => {
    const onFocus = () => void check();
    const onStorage = ({ key, newValue }: StorageEvent) => {
      if (key !== SESSION_MARK) {
        return;
      }
      if (newValue?.startsWith("out")) {
        leave();
      } else {
        void check();
      }
    };
    window.addEventListener("focus", onFocus);
    window.addEventListener("storage", onStorage);
    return () => {
      window.removeEventListener("focus", onFocus);
      window.removeEventListener("storage", onStorage);
    };
  }, [leave, check]);
}
