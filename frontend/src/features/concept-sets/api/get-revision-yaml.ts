import { queryOptions, useQuery } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";

/** For a download link. */
export function yamlUrl(revisionId: string): string {
  return `/api/v1/concept-set-revisions/${encodeURIComponent(revisionId)}/yaml`;
}

function getRevisionYaml(revisionId: string, signal: AbortSignal): Promise<string> {
  const params = { path: { revision_id: revisionId } };
  // The schema describes what the file says; here it is wanted as it is written.
  const answer = client.GET("/api/v1/concept-set-revisions/{revision_id}/yaml", {
    params,
    signal,
    parseAs: "text",
  });
  return unwrap<string>(answer);
}

export function revisionYamlOptions(revisionId: string) {
  return queryOptions({
    queryKey: queryKeys.conceptYaml(revisionId),
    queryFn: ({ signal }) => getRevisionYaml(revisionId, signal),
    // A revision never changes.
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Asked only when wanted, because an export is written into the audit trail. */
export function useRevisionYaml(revisionId: string, wanted: boolean) {
  return useQuery({ ...revisionYamlOptions(revisionId), enabled: wanted });
}
