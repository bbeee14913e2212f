import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { Revision } from "../../../shared/api/types";

function getRevision(revisionId: string, signal: AbortSignal): Promise<Revision> {
  const params = { path: { revision_id: revisionId } };
  return unwrap(client.GET("/api/v1/concept-set-revisions/{revision_id}", { params, signal }));
}

export function revisionOptions(revisionId: string) {
  return queryOptions({
    queryKey: queryKeys.conceptRevision(revisionId),
    queryFn: ({ signal }) => getRevision(revisionId, signal),
  });
}

/** Null: none is known yet, so that nothing is asked. */
export function useRevision(revisionId: string | null) {
  return useQuery({ ...revisionOptions(revisionId ?? ""), enabled: revisionId !== null });
}

/** The same, with what was the newest until the next one is read: a draft on it must not go away meanwhile. */
export function useNewestRevision(revisionId: string) {
  return useQuery({ ...revisionOptions(revisionId), placeholderData: keepPreviousData });
}
