/** What the canvas shows, in words, for those who do not see it. */

import type { MapLayer } from "./overlay";
import type { PaintedRegion, PaintTarget } from "./paint";
import type { PaintCursor } from "./painter";

export function describeCanvas(
  imageName: string,
  layer: MapLayer | null,
  paint: PaintTarget | null,
  region: PaintedRegion | null,
  /** "frame 3 of 20, centre 40, width 400 HU"; null where no values are kept. */
  values: string | null = null,
): string {
  const seen = values ? `, ${values}` : "";
  const map = layer ? `with ${layer.kindLabel} of ${layer.title}` : "without a map";
  if (paint) {
    return (
      `Image of ${imageName}${seen}, ${map}. Painting the region for ${paint.label}: ${countWords(paint)}. ` +
      "Arrow keys move from patch to patch, Space or Enter paints or takes away, Escape leaves painting."
    );
  }
  const shown = region ? ` A region is marked: ${countWords(region)}.` : "";
  return (
    `Image of ${imageName}${seen}, ${map}.${shown} ` +
    "Arrow keys move it, Shift and arrow keys move the probe."
  );
}

/** "12 of 196 patches painted; only these count". */
export function countWords({ grid, patches, keep }: PaintedRegion): string {
  const [rows, columns] = grid;
  const count = `${patches.size} of ${rows * columns} patches painted`;
  if (patches.size === 0) {
    return count;
  }
  return `${count}; ${keep === "inside" ? "only these count" : "all but these count"}`;
}

export function describePatch({ row, column, painted }: PaintCursor): string {
  return `Row ${row + 1}, column ${column + 1}: ${painted ? "painted" : "not painted"}`;
}
