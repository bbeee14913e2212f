import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";

async function revokeToken(tokenId: string): Promise<void> {
  const params = { path: { token_id: tokenId } };
  await unwrap(client.DELETE("/api/v1/account/tokens/{token_id}", { params }));
}

export function useRevokeToken(tokenId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => revokeToken(tokenId),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: queryKeys.ownTokens }),
  });
}
