/** The parts of the canvas: one, or the original and the overlay next to each other. */

import type { Point, Rectangle, Size } from "../../../shared/imaging/transform";

export type Layout = "stacked" | "side-by-side";

export interface Pane extends Rectangle {
  /** Whether the map is drawn here. */
  overlay: boolean;
}

/** CSS pixels between two panes. */
export const DIVIDER = 2;

export function panesOf(canvas: Size, layout: Layout): Pane[] {
  if (layout === "stacked") {
    return [{ x: 0, y: 0, ...canvas, overlay: true }];
  }
  const width = Math.max(1, Math.floor((canvas.width - DIVIDER) / 2));
  return [
    { x: 0, y: 0, width, height: canvas.height, overlay: false },
    { x: width + DIVIDER, y: 0, width, height: canvas.height, overlay: true },
  ];
}

/** The pane that a point of the canvas lies in, and the point inside it. */
export function locate(panes: readonly Pane[], point: Point): { pane: Pane; point: Point } | null {
  for (const pane of panes) {
    const x = point.x - pane.x;
    const y = point.y - pane.y;
    if (x >= 0 && y >= 0 && x < pane.width && y < pane.height) {
      return { pane, point: { x, y } };
    }
  }
  return null;
}
