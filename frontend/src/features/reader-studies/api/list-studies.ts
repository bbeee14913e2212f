import { queryOptions, useQuery } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { StudySummary } from "../../../shared/api/types";

/** While one is being prepared. */
export const PUBLISHING_INTERVAL = 1_500;

async function listStudies(signal: AbortSignal): Promise<StudySummary[]> {
  const { items } = await unwrap(client.GET("/api/v1/reader-studies", { signal }));
  return items;
}

export function studiesOptions() {
  return queryOptions({
    queryKey: queryKeys.readerStudyList,
    queryFn: ({ signal }) => listStudies(signal),
    refetchInterval: ({ state }) =>
      state.data?.some(({ status }) => status === "publishing") ? PUBLISHING_INTERVAL : false,
  });
}

/** Newest first. */
export function useStudies() {
  return useQuery(studiesOptions());
}
