import { queryOptions, useQuery } from "@tanstack/react-query";
import { ApiError } from "../../../shared/api/api-error";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { Case } from "../../../shared/api/types";

/** What an image is asked for by. The version is for the browser: after a review it must not show what it has kept. */
export type ImageOf = Pick<Case, "id" | "image_version">;

/** For `<img>`: small, and kept by the browser's own cache. */
export function thumbnailUrl({ id, image_version }: ImageOf, size: number): string {
  return `/api/v1/cases/${id}/thumbnail?size=${size}&v=${encodeURIComponent(image_version)}`;
}

async function getCaseImage(
  { id, image_version }: ImageOf,
  signal: AbortSignal,
): Promise<ImageBitmap> {
  const query = { frame: 0, v: image_version };
  const params = { path: { case_id: id }, query };
  const blob = await unwrap(
    client.GET("/api/v1/cases/{case_id}/image", { params, parseAs: "blob", signal }),
  );
  try {
    return await createImageBitmap(blob as Blob);
  } catch {
    const detail = "The browser cannot decode this image; it may be too large for this computer.";
    throw new ApiError(0, "undecodable_image", detail);
  }
}

export function caseImageOptions(entry: ImageOf) {
  return queryOptions({
    queryKey: queryKeys.caseImageOf(entry.id, entry.image_version),
    queryFn: ({ signal }) => getCaseImage(entry, signal),
    staleTime: Number.POSITIVE_INFINITY,
    // Decoded images are large: keep the last few minutes' only.
    gcTime: 2 * 60_000,
    structuralSharing: false,
  });
}

/** `needed`: not where the case's values are shown instead. */
export function useCaseImage(entry: ImageOf, needed = true) {
  return useQuery({ ...caseImageOptions(entry), enabled: needed });
}
