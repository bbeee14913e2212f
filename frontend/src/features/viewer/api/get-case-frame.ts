import { ApiError } from "../../../shared/api/api-error";
import { client, unwrap } from "../../../shared/api/client";
import type { ValueDisplay } from "../../../shared/api/types";
import type { Size } from "../../../shared/imaging/transform";
import { readFrame, type ValueFrame } from "../../../shared/imaging/value-frame";

/** Not in the query cache: a `FrameCache` bounds how many are held. The browser unpacks gzip on the way. */
export async function getCaseFrame(
  caseId: string,
  number: number,
  size: Size,
  display: ValueDisplay,
  signal: AbortSignal,
): Promise<ValueFrame> {
  const bytes = await unwrap(
    client.GET("/api/v1/cases/{case_id}/frames/{frame}", {
      params: { path: { case_id: caseId, frame: number } },
      parseAs: "arrayBuffer",
      signal,
    }),
  );
  const frame = readFrame(bytes as ArrayBuffer, number, size, display);
  if (!frame) {
    const detail = `Frame ${number + 1} came incomplete. Try again; if it stays so, tell whoever runs the server.`;
    throw new ApiError(0, "incomplete_frame", detail);
  }
  return frame;
}
