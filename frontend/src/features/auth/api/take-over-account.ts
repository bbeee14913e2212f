import { useMutation } from "@tanstack/react-query";
import { useRef } from "react";
import { client, unwrap } from "../../../shared/api/client";
import { getSession } from "../../../shared/api/get-session";
import type { SessionInfo } from "../../../shared/api/types";

export interface TakeOver {
  oneTimePassword: string;
  newPassword: string;
  name: string;
  email: string;
}

/** A password first, since nothing else works before it; name and e-mail are then confirmed with it. */
async function setOwnPassword({ oneTimePassword, newPassword }: TakeOver): Promise<void> {
  const body = { current_password: oneTimePassword, new_password: newPassword };
  await unwrap(client.POST("/api/v1/account/password", { body }));
}

async function nameOneself({ name, email, newPassword }: TakeOver): Promise<void> {
  const { account } = await getSession();
  const changes = {
    ...(account?.name !== name && { name }),
    ...(account?.email !== email && { email, current_password: newPassword }),
  };
  if (Object.keys(changes).length > 0) {
    await unwrap(client.PATCH("/api/v1/account", { body: changes }));
  }
}

/** Makes a prepared account one's own. A second attempt goes on where the first one stopped. */
export function useTakeOverAccount() {
  const chosen = useRef<string | null>(null);
  return useMutation({
    mutationFn: async (given: TakeOver): Promise<SessionInfo> => {
      // Set already, by an attempt whose second half failed: the one-time password is not valid any more.
      const current = chosen.current ?? given.oneTimePassword;
      if (current !== given.newPassword) {
        await setOwnPassword({ ...given, oneTimePassword: current });
        chosen.current = given.newPassword;
      }
      await nameOneself(given);
      return getSession();
    },
  });
}
