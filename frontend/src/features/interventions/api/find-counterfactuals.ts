import { queryOptions, skipToken, useQuery } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { CounterfactualCreate, Counterfactuals } from "../../../shared/api/types";

function findCounterfactuals(
  predictionId: string,
  body: CounterfactualCreate,
  signal: AbortSignal,
): Promise<Counterfactuals> {
  const params = { path: { prediction_id: predictionId } };
  return unwrap(
    client.POST("/api/v1/predictions/{prediction_id}/counterfactuals", { params, body, signal }),
  );
}

export function counterfactualsOptions(
  predictionId: string,
  question: CounterfactualCreate | null,
) {
  return queryOptions({
    queryKey: queryKeys.counterfactuals(predictionId, JSON.stringify(question)),
    queryFn:
      question === null
        ? skipToken
        : ({ signal }) => findCounterfactuals(predictionId, question, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Asks for nothing while there is no question. */
export function useCounterfactuals(predictionId: string, question: CounterfactualCreate | null) {
  return useQuery(counterfactualsOptions(predictionId, question));
}
