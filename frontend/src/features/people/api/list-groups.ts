import { queryOptions, useQuery } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { Group } from "../../../shared/api/types";

async function listGroups(signal: AbortSignal): Promise<Group[]> {
  const { items } = await unwrap(client.GET("/api/v1/groups", { signal }));
  return items;
}

export function groupsOptions() {
  return queryOptions({
    queryKey: queryKeys.groups,
    queryFn: ({ signal }) => listGroups(signal),
  });
}

/** Administrators see all groups, others those they belong to. */
export function useGroups() {
  return useQuery(groupsOptions());
}
