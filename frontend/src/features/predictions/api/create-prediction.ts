import { type QueryClient, useMutationState, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { ApiError, isTemporary } from "../../../shared/api/api-error";
import { client, unwrap } from "../../../shared/api/client";
import { mutationKeys, queryKeys } from "../../../shared/api/query-keys";
import type { Prediction, PredictionCreate, RenderingCreate } from "../../../shared/api/types";

/** While a model loads the server says 503 for a while; a minute or two is normal on a slow disk. */
const LARGEST_NUMBER_OF_ATTEMPTS = 90;
const DEFAULT_WAIT_SECONDS = 2;

function createPrediction(
  caseId: string,
  modelVersionId?: string,
  rendering?: RenderingCreate | null,
): Promise<Prediction> {
  const params = { path: { case_id: caseId } };
  const wishes: PredictionCreate = {
    ...(modelVersionId === undefined ? {} : { model_version_id: modelVersionId }),
    ...(rendering ? { rendering } : {}),
  };
  const body = Object.keys(wishes).length > 0 ? wishes : undefined;
  return unwrap(client.POST("/api/v1/cases/{case_id}/predictions", { params, body }));
}

/** Seconds to wait before the next attempt, as the server asked. */
export function waitSeconds(error: unknown): number {
  return (error instanceof ApiError ? error.retryAfter : null) ?? DEFAULT_WAIT_SECONDS;
}

/** Only a busy or starting server is asked again; a lost answer might have made a prediction already. */
function mayTryAgain(failures: number, error: unknown): boolean {
  const busy = isTemporary(error) && error instanceof ApiError && error.status === 503;
  return busy && failures < LARGEST_NUMBER_OF_ATTEMPTS;
}

/**
 * Runs as a mutation of the cache, not of a component: it goes on when the page that started it (the
 * case list, after an upload) has been left, and the case's page finds it under its key. Without a model
 * the server takes the active one of the case's data set, and without a rendering the model sees the image as its file
 * asks.
 */
export async function requestPrediction(
  queryClient: QueryClient,
  caseId: string,
  modelVersionId?: string,
  rendering?: RenderingCreate | null,
): Promise<Prediction> {
  const mutation = queryClient.getMutationCache().build(queryClient, {
    mutationKey: mutationKeys.predict(caseId),
    mutationFn: () => createPrediction(caseId, modelVersionId, rendering),
    networkMode: "always",
    retry: mayTryAgain,
    retryDelay: (_, error) => 1000 * waitSeconds(error),
    onSuccess: async (created: Prediction) => {
      const before = queryClient.getQueryData<Prediction[]>(queryKeys.predictions(caseId)) ?? [];
      await queryClient.cancelQueries({ queryKey: queryKeys.predictions(caseId) });
      queryClient.setQueryData(queryKeys.predictions(caseId), [created, ...before]);
      void queryClient.invalidateQueries({ queryKey: queryKeys.cases });
      void queryClient.invalidateQueries({ queryKey: queryKeys.predictions(caseId) });
    },
  });
  return mutation.execute(undefined);
}

/** For buttons. A failure is shown from `usePredictionRun`, so that it is not thrown here. */
export function useRequestPrediction(): (
  caseId: string,
  modelVersionId?: string,
  rendering?: RenderingCreate | null,
) => void {
  const queryClient = useQueryClient();
  return useCallback(
    (caseId, modelVersionId, rendering) =>
      void requestPrediction(queryClient, caseId, modelVersionId, rendering).catch(() => undefined),
    [queryClient],
  );
}

export interface PredictionRun {
  status: "idle" | "pending" | "success" | "error";
  /** Milliseconds since 1970. */
  startedAt: number;
  /** Why the last attempt failed while further ones follow: the server is starting or busy. */
  waitingFor: ApiError | null;
  error: unknown;
}

/** By its header the image is for none of the models: the server takes none unless somebody chooses one. */
export function fitsNoModel(run: PredictionRun | null): boolean {
  const { status, error } = run ?? {};
  return status === "error" && error instanceof ApiError && error.code === "model_choice_needed";
}

/** The newest request for a prediction of this case in this window, if there was one. */
export function usePredictionRun(caseId: string): PredictionRun | null {
  const runs = useMutationState({
    filters: { mutationKey: mutationKeys.predict(caseId), exact: true },
    select: ({ state }): PredictionRun => ({
      status: state.status,
      startedAt: state.submittedAt,
      waitingFor: state.failureReason instanceof ApiError ? state.failureReason : null,
      error: state.error,
    }),
  });
  return runs.at(-1) ?? null;
}
