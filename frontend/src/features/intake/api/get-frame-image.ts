import { queryOptions, useQuery } from "@tanstack/react-query";
import { ApiError } from "../../../shared/api/api-error";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { Case } from "../../../shared/api/types";

type FramesOf = Pick<Case, "id" | "image_version">;

async function getFrameImage(
  { id, image_version }: FramesOf,
  frame: number,
  signal: AbortSignal,
): Promise<ImageBitmap> {
  // The version is for the browser: it must not show what it has kept of another one.
  const query = { frame, v: image_version };
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

export function frameImageOptions(entry: FramesOf, frame: number) {
  return queryOptions({
    queryKey: queryKeys.reviewFrame(entry.id, entry.image_version, frame),
    queryFn: ({ signal }) => getFrameImage(entry, frame, signal),
    staleTime: Number.POSITIVE_INFINITY,
    // A film has hundreds of them, and the browser keeps the files.
    gcTime: 1_000,
    structuralSharing: false,
  });
}

/** A frame as the server shows it by default. */
export function useFrameImage(entry: FramesOf, frame: number) {
  return useQuery(frameImageOptions(entry, frame));
}
