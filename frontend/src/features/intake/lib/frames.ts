import type { Case } from "../../../shared/api/types";

/** Frames that are there to be looked at. Without values only one picture is kept, whatever the file had. */
export function keptFrames({ frames, values_kept }: Pick<Case, "frames" | "values_kept">): number {
  return values_kept ? frames : 1;
}
