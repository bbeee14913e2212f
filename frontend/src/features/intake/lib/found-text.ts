/** Where the server's detector saw what looks like text, and what of it the regions cover. */

import type { DeidentificationRead } from "../../../shared/api/types";
import { type Box, contains, type DrawnRegion } from "./regions";

export interface FoundLine extends Box {
  /** Counted from 1, in the order of the server. */
  number: number;
  /** In which it was seen. */
  frame: number;
}

export function linesOf(found: DeidentificationRead["found"]): FoundLine[] {
  return found.map(({ x, y, width, height, frame }, at) => ({
    x,
    y,
    width,
    height,
    frame: frame ?? 0,
    number: at + 1,
  }));
}

type Placed = Omit<DrawnRegion, "id">;

/** One region has to cover it alone: where two meet, a stroke could stay between them. */
export function isCovered(line: FoundLine, regions: readonly Placed[]): boolean {
  return regions.some(
    (region) => (region.frame === null || region.frame === line.frame) && contains(region, line),
  );
}

/**
 * The regions that are missing to cover lines. The same line is often seen in several frames of a film; one region in
 * all frames covers it in each. `inOneFrame`: only in the frame in which a line was seen.
 */
export function missingRegions(
  lines: readonly FoundLine[],
  regions: readonly DrawnRegion[],
  inOneFrame: boolean,
): Placed[] {
  const missing: Placed[] = [];
  for (const line of lines) {
    if (!isCovered(line, [...regions, ...missing])) {
      const { x, y, width, height } = line;
      missing.push({ x, y, width, height, frame: inOneFrame ? line.frame : null });
    }
  }
  return missing;
}
