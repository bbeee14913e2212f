import { type QueryClient, queryOptions, useQuery } from "@tanstack/react-query";
import { client, unwrap } from "./client";
import { queryKeys } from "./query-keys";
import { sessionGate } from "./session-gate";
import type { SessionInfo } from "./types";

export function getSession(signal?: AbortSignal): Promise<SessionInfo> {
  return unwrap(client.GET("/api/v1/auth/session", { signal }));
}

/** Who is signed in. Asked once; afterwards only `useSessionWatch` and signing in change it. */
export function sessionOptions() {
  return queryOptions({
    queryKey: queryKeys.session,
    queryFn: ({ signal }) => getSession(signal),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });
}

/** After a change that may concern one's own account. A session that has ended meanwhile is waited out. */
export async function refreshSession(queryClient: QueryClient): Promise<void> {
  const session = await getSession().catch(() => null);
  if (session?.account) {
    queryClient.setQueryData(sessionOptions().queryKey, session);
  } else if (session) {
    sessionGate.close();
  }
}

export function useSession() {
  return useQuery(sessionOptions());
}
