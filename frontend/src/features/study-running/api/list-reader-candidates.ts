import { queryOptions, useQuery } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { ReaderCandidate } from "../../../shared/api/types";

async function listReaderCandidates(signal: AbortSignal): Promise<ReaderCandidate[]> {
  const { items } = await unwrap(
    client.GET("/api/v1/reader-studies/reader-candidates", { signal }),
  );
  return items;
}

/** Accounts that can be invited, by name. */
export function readerCandidatesOptions() {
  return queryOptions({
    queryKey: queryKeys.readerCandidates,
    queryFn: ({ signal }) => listReaderCandidates(signal),
  });
}

/** Only for those who run studies; others would be refused. */
export function useReaderCandidates(enabled: boolean) {
  return useQuery({ ...readerCandidatesOptions(), enabled });
}
