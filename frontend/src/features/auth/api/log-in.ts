import { useMutation } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import type { LoginCreate, SessionInfo } from "../../../shared/api/types";

function logIn(body: LoginCreate): Promise<SessionInfo> {
  return unwrap(client.POST("/api/v1/auth/login", { body }));
}

/** What the answer means for the page, the caller decides: the first sign-in and a later one differ. */
export function useLogIn() {
  return useMutation({ mutationFn: logIn });
}
