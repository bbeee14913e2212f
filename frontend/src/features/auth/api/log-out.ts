import { useMutation } from "@tanstack/react-query";
import { ApiError } from "../../../shared/api/api-error";
import { client, unwrap } from "../../../shared/api/client";

async function logOut(): Promise<void> {
  try {
    await unwrap(client.POST("/api/v1/auth/logout"));
  } catch (error) {
    // The session had ended already: that is what was asked for.
    if (!(error instanceof ApiError && error.status === 401)) {
      throw error;
    }
  }
}

export function useLogOut() {
  return useMutation({ mutationFn: logOut });
}
