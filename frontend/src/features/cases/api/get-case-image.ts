import { queryOptions, useQuery } from "@tanstack/react-query";
import { ApiError } from "../../../shared/api/api-error";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";

/** For `<img>`: small, and kept by the browser's own cache. */
export function thumbnailUrl(caseId: string, size: number): string {
  return `/api/v1/cases/${caseId}/thumbnail?size=${size}`;
}

async function getCaseImage(caseId: string, signal: AbortSignal): Promise<ImageBitmap> {
  const blob = await unwrap(
    client.GET("/api/v1/cases/{case_id}/image", {
      params: { path: { case_id: caseId } },
      parseAs: "blob",
      signal,
    }),
  );
  try {
    return await createImageBitmap(blob as Blob);
  } catch {
    const detail = "The browser cannot decode this image; it may be too large for this computer.";
    throw new ApiError(0, "undecodable_image", detail);
  }
}

export function caseImageOptions(caseId: string) {
  return queryOptions({
    queryKey: queryKeys.caseImage(caseId),
    queryFn: ({ signal }) => getCaseImage(caseId, signal),
    staleTime: Number.POSITIVE_INFINITY,
    // Decoded images are large: keep the last few minutes' only.
    gcTime: 2 * 60_000,
    structuralSharing: false,
  });
}

/** `needed`: not where the case's values are shown instead. */
export function useCaseImage(caseId: string, needed = true) {
  return useQuery({ ...caseImageOptions(caseId), enabled: needed });
}
