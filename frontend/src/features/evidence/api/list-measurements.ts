import { type QueryClient, queryOptions, useQuery } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { EvidenceMeasurement } from "../../../shared/api/types";
import { isUnended, newestDone } from "../../../shared/lib/job-status";

/** Often enough that a bar is seen to move; asked only while one does. */
const PROGRESS_INTERVAL = 1_500;

async function listMeasurements(
  modelVersionId: string,
  signal: AbortSignal,
  queryClient: QueryClient,
): Promise<EvidenceMeasurement[]> {
  const before = queryClient.getQueryData<EvidenceMeasurement[]>(
    queryKeys.evidenceMeasurements(modelVersionId),
  );
  const params = { path: { model_version_id: modelVersionId } };
  const { items } = await unwrap(
    client.GET("/api/v1/models/{model_version_id}/evidence/measurements", { params, signal }),
  );
  if (before && newestDone(items)?.id !== newestDone(before)?.id) {
    // One has ended meanwhile: what it found takes the place of what is shown.
    void queryClient.invalidateQueries({ queryKey: queryKeys.evidence(modelVersionId) });
  }
  return items;
}

export function measurementsOptions(modelVersionId: string) {
  return queryOptions({
    queryKey: queryKeys.evidenceMeasurements(modelVersionId),
    queryFn: ({ signal, client: queryClient }) =>
      listMeasurements(modelVersionId, signal, queryClient),
    refetchInterval: ({ state }) => (state.data?.some(isUnended) ? PROGRESS_INTERVAL : false),
  });
}

/** Of one model, newest first. Only for those who may look at data sets. */
export function useMeasurements(modelVersionId: string, enabled: boolean) {
  return useQuery({ ...measurementsOptions(modelVersionId), enabled });
}
