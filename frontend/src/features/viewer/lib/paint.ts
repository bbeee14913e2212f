/**
 * Painting a region of patches. The model sees patches and nothing finer, so that a brush, an eraser and a
 * rectangle all give sets of whole patches. Patches are numbered row by row over the grid.
 */

import type { Point, Rectangle, Size } from "../../../shared/imaging/transform";

export type PatchGrid = readonly [rows: number, columns: number];
export type PatchSet = ReadonlySet<number>;

/** A region as it is drawn. */
export interface PaintedRegion {
  grid: PatchGrid;
  /** Of the grid, in image pixels; may reach beyond the image. */
  region: Rectangle;
  patches: PatchSet;
  /** What feeds the concept; the rest is dimmed and hatched. */
  keep: "inside" | "outside";
}

/** A region while it is being painted. */
export interface PaintTarget extends PaintedRegion {
  tool: "brush" | "erase" | "rectangle";
  /** Of brush and eraser in patches; 0 is a single patch. */
  radius: number;
  /** When a stroke ends: the new whole set. */
  onStroke: (patches: PatchSet) => void;
  /** What is painted, "Margin", for the description of the canvas. */
  label: string;
  /** The canvas gets the focus, and gives it back at the end. */
  takesFocus?: boolean;
  /** Escape was pressed while there was no stroke to cancel. */
  onLeave?: () => void;
}

export interface PatchCell {
  row: number;
  column: number;
}

type Geometry = Pick<PaintedRegion, "grid" | "region">;

/** Row and column at a point of the image. Beside the grid, too: a stroke may come in from there. */
export function cellAtPoint({ grid, region }: Geometry, point: Point): PatchCell {
  const [rows, columns] = grid;
  return {
    row: Math.floor(((point.y - region.y) / region.height) * rows),
    column: Math.floor(((point.x - region.x) / region.width) * columns),
  };
}

export function patchOf([rows, columns]: PatchGrid, { row, column }: PatchCell): number | null {
  const inside = row >= 0 && row < rows && column >= 0 && column < columns;
  return inside ? row * columns + column : null;
}

export function cellOf([, columns]: PatchGrid, patch: number): PatchCell {
  return { row: Math.floor(patch / columns), column: patch % columns };
}

/** The patch under a point of the image. */
export function patchAt(geometry: Geometry, point: Point): number | null {
  return patchOf(geometry.grid, cellAtPoint(geometry, point));
}

/** A patch in image pixels. */
export function patchRectangle({ grid, region }: Geometry, { row, column }: PatchCell): Rectangle {
  const [rows, columns] = grid;
  const width = region.width / columns;
  const height = region.height / rows;
  return { x: region.x + column * width, y: region.y + row * height, width, height };
}

/** Patches that show some of the image. Those of the padding beside it show nothing to anybody. */
export function patchesOnImage(geometry: Geometry, image: Size): Set<number> {
  const [rows, columns] = geometry.grid;
  const found = new Set<number>();
  for (let patch = 0; patch < rows * columns; patch++) {
    const { x, y, width, height } = patchRectangle(geometry, cellOf(geometry.grid, patch));
    // A sliver that only rounding makes does not count.
    const across = Math.min(image.width, x + width) - Math.max(0, x);
    const down = Math.min(image.height, y + height) - Math.max(0, y);
    if (across > 1e-6 * width && down > 1e-6 * height) {
      found.add(patch);
    }
  }
  return found;
}

/** The patches of a round brush: one for radius 0, nine for radius 1. */
export function disc(grid: PatchGrid, centre: PatchCell, radius: number): number[] {
  const reach = radius * radius + radius;
  const found: number[] = [];
  for (let down = -radius; down <= radius; down++) {
    for (let right = -radius; right <= radius; right++) {
      const patch = patchOf(grid, { row: centre.row + down, column: centre.column + right });
      if (patch !== null && down * down + right * right <= reach) {
        found.push(patch);
      }
    }
  }
  return found;
}

/** From cell to cell without a gap (Bresenham), both ends included. */
export function cellsBetween(from: PatchCell, to: PatchCell): PatchCell[] {
  const steps = Math.max(Math.abs(to.row - from.row), Math.abs(to.column - from.column));
  return Array.from({ length: steps + 1 }, (_, step) => {
    const share = steps === 0 ? 0 : step / steps;
    return {
      row: Math.round(from.row + share * (to.row - from.row)),
      column: Math.round(from.column + share * (to.column - from.column)),
    };
  });
}

/** What a brush has covered on its way, however fast it went. */
export function strokeBetween(
  grid: PatchGrid,
  from: PatchCell,
  to: PatchCell,
  radius: number,
): Set<number> {
  return new Set(cellsBetween(from, to).flatMap((cell) => disc(grid, cell, radius)));
}

/** All patches that a rectangle between two cells touches. */
export function rectangleBetween(grid: PatchGrid, from: PatchCell, to: PatchCell): Set<number> {
  const [rows, columns] = grid;
  const found = new Set<number>();
  const top = Math.max(0, Math.min(from.row, to.row));
  const bottom = Math.min(rows - 1, Math.max(from.row, to.row));
  const left = Math.max(0, Math.min(from.column, to.column));
  const right = Math.min(columns - 1, Math.max(from.column, to.column));
  for (let row = top; row <= bottom; row++) {
    for (let column = left; column <= right; column++) {
      found.add(row * columns + column);
    }
  }
  return found;
}

/** Adds patches, or takes them away; only those in `allowed` are added. */
export function painted(
  before: PatchSet,
  patches: Iterable<number>,
  erase: boolean,
  allowed: PatchSet,
): Set<number> {
  const after = new Set(before);
  for (const patch of patches) {
    if (erase) {
      after.delete(patch);
    } else if (allowed.has(patch)) {
      after.add(patch);
    }
  }
  return after;
}

export function sameSet(one: PatchSet, other: PatchSet): boolean {
  return one.size === other.size && [...one].every((patch) => other.has(patch));
}

/** Whether a patch is left out. With nothing painted nothing is: there is no region yet. */
export function isLeftOut({ patches, keep }: PaintedRegion, patch: number): boolean {
  return patches.size > 0 && patches.has(patch) === (keep === "outside");
}
