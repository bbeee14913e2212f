import { QueryClient } from "@tanstack/react-query";
import { ApiError, isTemporary } from "./api-error";

const ATTEMPTS = 3;

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // "always": a hospital network without internet makes browsers say "offline", and localhost works.
        networkMode: "always",
        staleTime: 10_000,
        retry: (failures, error) => failures < ATTEMPTS - 1 && isTemporary(error),
        retryDelay: (failures, error) =>
          error instanceof ApiError && error.retryAfter !== null
            ? error.retryAfter * 1000
            : 500 * 2 ** failures,
      },
      mutations: { networkMode: "always" },
    },
  });
}
