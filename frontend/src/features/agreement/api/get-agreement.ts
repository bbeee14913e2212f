import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { Agreement } from "../../../shared/api/types";
import { asQuery, type Question } from "../lib/question";

function getAgreement(query: ReturnType<typeof asQuery>, signal: AbortSignal): Promise<Agreement> {
  return unwrap(client.GET("/api/v1/agreement", { params: { query }, signal }));
}

export function agreementOptions(question: Question) {
  const query = asQuery(question);
  return queryOptions({
    queryKey: queryKeys.agreementOf(query),
    queryFn: ({ signal }) => getAgreement(query, signal),
    placeholderData: keepPreviousData,
    // Looking at it is an event in the trail: asked only when somebody asks.
    refetchOnWindowFocus: false,
  });
}

/** Where people and a model say the same, and where not. */
export function useAgreement(question: Question) {
  return useQuery(agreementOptions(question));
}
