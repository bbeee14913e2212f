import { queryOptions, useQuery } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { Person } from "../../../shared/api/types";

async function listPeople(signal: AbortSignal): Promise<Person[]> {
  const { items } = await unwrap(client.GET("/api/v1/people", { signal }));
  return items;
}

export function peopleOptions() {
  return queryOptions({
    queryKey: queryKeys.people,
    queryFn: ({ signal }) => listPeople(signal),
  });
}

export function usePeople() {
  return useQuery(peopleOptions());
}
