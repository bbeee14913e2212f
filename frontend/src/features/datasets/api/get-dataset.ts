import { queryOptions, useQuery } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { DatasetDetail } from "../../../shared/api/types";
import { isRunning } from "../lib/status";
import { PROGRESS_INTERVAL } from "./list-datasets";

function getDataset(datasetId: string, signal: AbortSignal): Promise<DatasetDetail> {
  const params = { path: { dataset_id: datasetId } };
  return unwrap(client.GET("/api/v1/datasets/{dataset_id}", { params, signal }));
}

export function datasetOptions(datasetId: string) {
  return queryOptions({
    queryKey: queryKeys.dataset(datasetId),
    queryFn: ({ signal }) => getDataset(datasetId, signal),
    refetchInterval: ({ state }) =>
      state.data && isRunning(state.data) ? PROGRESS_INTERVAL : false,
  });
}

export function useDataset(datasetId: string) {
  return useQuery(datasetOptions(datasetId));
}

/** For `<img>`. */
export function contactSheetUrl(datasetId: string): string {
  return `/api/v1/datasets/${encodeURIComponent(datasetId)}/contact-sheet`;
}

/** For `<img>`: one image of the data set by its row. */
export function datasetImageUrl(datasetId: string, row: number, size: number): string {
  return `/api/v1/datasets/${encodeURIComponent(datasetId)}/images/${row}/thumbnail?size=${size}`;
}
