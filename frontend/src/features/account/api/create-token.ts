import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { ApiTokenCreate, ApiTokenCreated } from "../../../shared/api/types";

function createToken(body: ApiTokenCreate): Promise<ApiTokenCreated> {
  return unwrap(client.POST("/api/v1/account/tokens", { body }));
}

/** The answer is the only place where the secret ever stands. */
export function useCreateToken() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: createToken,
    gcTime: 0,
    onSuccess: () => queryClient.invalidateQueries({ queryKey: queryKeys.ownTokens }),
  });
}
