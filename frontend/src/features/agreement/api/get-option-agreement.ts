import { queryOptions, useQuery } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { OptionAgreements } from "../../../shared/api/types";

function getOptionAgreement(
  modelVersionId: string,
  signal: AbortSignal,
): Promise<OptionAgreements> {
  const params = { query: { model_version_id: modelVersionId } };
  return unwrap(client.GET("/api/v1/agreement/options", { params, signal }));
}

export function optionAgreementOptions(modelVersionId: string) {
  return queryOptions({
    queryKey: queryKeys.optionAgreement(modelVersionId),
    queryFn: ({ signal }) => getOptionAgreement(modelVersionId, signal),
    // Looking is written into the audit trail, so not at every return to the page.
    staleTime: 60_000,
  });
}

/** People's labels against each option of a model. Null: of none yet, so that nothing is asked. */
export function useOptionAgreement(modelVersionId: string | null) {
  return useQuery({
    ...optionAgreementOptions(modelVersionId ?? ""),
    enabled: modelVersionId !== null,
  });
}
