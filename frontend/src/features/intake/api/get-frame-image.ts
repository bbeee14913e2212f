import { queryOptions, useQuery } from "@tanstack/react-query";
import { ApiError } from "../../../shared/api/api-error";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";

async function getFrameImage(
  caseId: string,
  frame: number,
  signal: AbortSignal,
): Promise<ImageBitmap> {
  const params = { path: { case_id: caseId }, query: { frame } };
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

export function frameImageOptions(caseId: string, frame: number) {
  return queryOptions({
    queryKey: queryKeys.reviewFrame(caseId, frame),
    queryFn: ({ signal }) => getFrameImage(caseId, frame, signal),
    staleTime: Number.POSITIVE_INFINITY,
    // A film has hundreds of them, and the browser keeps the files.
    gcTime: 1_000,
    structuralSharing: false,
  });
}

/** A frame as the server shows it by default. */
export function useFrameImage(caseId: string, frame: number) {
  return useQuery(frameImageOptions(caseId, frame));
}
