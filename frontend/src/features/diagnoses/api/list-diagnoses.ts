import { queryOptions, useQuery } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { Diagnosis } from "../../../shared/api/types";
import { isUnended } from "../../../shared/lib/job-status";

/** Often enough that a bar is seen to move; asked only while one does. */
export const PROGRESS_INTERVAL = 1_500;

async function listDiagnoses(modelVersionId: string, signal: AbortSignal): Promise<Diagnosis[]> {
  const params = { query: { model_version_id: modelVersionId } };
  const { items } = await unwrap(client.GET("/api/v1/diagnoses", { params, signal }));
  return items;
}

export function diagnosesOptions(modelVersionId: string) {
  return queryOptions({
    queryKey: queryKeys.diagnosesOf(modelVersionId),
    queryFn: ({ signal }) => listDiagnoses(modelVersionId, signal),
    refetchInterval: (query) => (query.state.data?.some(isUnended) ? PROGRESS_INTERVAL : false),
  });
}

/** Of one model, newest first. Null: of none yet, so that nothing is asked. */
export function useDiagnoses(modelVersionId: string | null) {
  return useQuery({ ...diagnosesOptions(modelVersionId ?? ""), enabled: modelVersionId !== null });
}
