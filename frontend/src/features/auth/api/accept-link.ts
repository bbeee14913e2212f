import { useMutation } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import type { LinkAccept, SessionInfo } from "../../../shared/api/types";

function acceptLink(body: LinkAccept): Promise<SessionInfo> {
  return unwrap(client.POST("/api/v1/auth/links/accept", { body }));
}

export function useAcceptLink() {
  return useMutation({ mutationFn: acceptLink });
}
