import { queryOptions, useQuery } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { AuditVerification } from "../../../shared/api/types";

function verifyTrail(signal: AbortSignal): Promise<AuditVerification> {
  return unwrap(client.GET("/api/v1/audit-events/verification", { signal }));
}

export function verificationOptions() {
  return queryOptions({
    queryKey: queryKeys.auditVerification,
    queryFn: ({ signal }) => verifyTrail(signal),
    // Reads the whole trail: when asked for, not by itself.
    enabled: false,
    gcTime: 0,
  });
}

export function useVerification() {
  return useQuery(verificationOptions());
}
