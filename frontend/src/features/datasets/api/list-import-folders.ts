import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { ImportFolders } from "../../../shared/api/types";

function listImportFolders(path: string | null, signal: AbortSignal): Promise<ImportFolders> {
  const query = path === null ? {} : { path };
  return unwrap(client.GET("/api/v1/import-folders", { params: { query }, signal }));
}

export function importFoldersOptions(path: string | null) {
  return queryOptions({
    queryKey: queryKeys.importFolders(path),
    queryFn: ({ signal }) => listImportFolders(path, signal),
    placeholderData: keepPreviousData,
    // Somebody is copying files there right now, as likely as not.
    staleTime: 0,
  });
}

/** A folder on the server below its import folders; null: where they begin. */
export function useImportFolders(path: string | null) {
  return useQuery(importFoldersOptions(path));
}
