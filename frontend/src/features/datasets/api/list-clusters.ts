import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { ClusterPage } from "../../../shared/api/types";

export const CLUSTERS_PER_PAGE = 10;

interface ClusterQuery {
  datasetId: string;
  /** Only groups whose images carry different labels. */
  disagreeing: boolean;
  /** From 0. */
  page: number;
}

function listClusters(
  { datasetId, disagreeing, page }: ClusterQuery,
  signal: AbortSignal,
): Promise<ClusterPage> {
  const params = {
    path: { dataset_id: datasetId },
    query: { disagreeing, offset: page * CLUSTERS_PER_PAGE, limit: CLUSTERS_PER_PAGE },
  };
  return unwrap(client.GET("/api/v1/datasets/{dataset_id}/clusters", { params, signal }));
}

export function clustersOptions(query: ClusterQuery) {
  return queryOptions({
    queryKey: [...queryKeys.clusters(query.datasetId), query.disagreeing, query.page] as const,
    queryFn: ({ signal }) => listClusters(query, signal),
    placeholderData: keepPreviousData,
    // A finished import never changes.
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Groups of near-identical images, a page of them. */
export function useClusters(query: ClusterQuery) {
  return useQuery(clustersOptions(query));
}
