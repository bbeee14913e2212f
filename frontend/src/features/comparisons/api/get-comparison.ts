import { queryOptions, useQuery } from "@tanstack/react-query";
import { ApiError } from "../../../shared/api/api-error";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { ModelComparisonDetail } from "../../../shared/api/types";
import { isUnended } from "../../../shared/lib/job-status";

/** Often enough that a bar is seen to move; asked only while one does. */
export const PROGRESS_INTERVAL = 1_500;

export interface ComparisonQuestion {
  /** The one that the other is held to. */
  a: string;
  b: string;
  /** Null: whichever data set the two were compared on last. */
  dataset: string | null;
  split: ModelComparisonDetail["split"];
}

/** Null: the two were not compared like this yet. */
async function getComparison(
  { a, b, dataset, split }: ComparisonQuestion,
  signal: AbortSignal,
): Promise<ModelComparisonDetail | null> {
  const query = { a, b, split, ...(dataset !== null && { dataset_id: dataset }) };
  try {
    return await unwrap(client.GET("/api/v1/models/compare", { params: { query }, signal }));
  } catch (error) {
    if (error instanceof ApiError && error.code === "comparison_not_found") {
      return null;
    }
    throw error;
  }
}

export function comparisonOptions(question: ComparisonQuestion) {
  return queryOptions({
    queryKey: queryKeys.comparisonOf(question),
    queryFn: ({ signal }) => getComparison(question, signal),
    refetchInterval: ({ state }) =>
      state.data && isUnended(state.data) ? PROGRESS_INTERVAL : false,
  });
}

/** The newest comparison of two versions. Without a question nothing is asked. */
export function useComparison(question: ComparisonQuestion | null) {
  const nothing: ComparisonQuestion = { a: "", b: "", dataset: null, split: "test" };
  return useQuery({ ...comparisonOptions(question ?? nothing), enabled: question !== null });
}

/** For `<img>`: a picture that the result names by its path below /api/v1. */
export function pictureUrl(path: string): string {
  return `/api/v1/${path.replace(/^\/+/, "").replace(/^api\/v1\//, "")}`;
}
