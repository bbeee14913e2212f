/** Reading a map, a small grid of values over a rectangle of the image, at any place. */

import type { Point, Rectangle } from "./transform";

export interface Grid {
  rows: number;
  columns: number;
  /** Row by row. */
  values: Float32Array;
}

export interface Cell {
  row: number;
  column: number;
}

export function gridFromRows(rows: readonly (readonly number[])[]): Grid {
  const columns = rows[0]?.length ?? 0;
  const values = new Float32Array(rows.length * columns);
  rows.forEach((row, index) => {
    if (row.length !== columns) {
      throw new Error(`Row ${index} of the map has ${row.length} values, not ${columns}.`);
    }
    values.set(row, index * columns);
  });
  return { rows: rows.length, columns, values };
}

export function largestValue(grid: Grid): number {
  return grid.values.reduce((largest, value) => Math.max(largest, value), 0);
}

export interface Range {
  min: number;
  max: number;
}

export function rangeOf(grid: Grid): Range {
  return grid.values.reduce(
    ({ min, max }, value) => ({ min: Math.min(min, value), max: Math.max(max, value) }),
    { min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY },
  );
}

/** The cell that covers a point of the image, or null outside the region. */
export function cellAt(grid: Grid, region: Rectangle, point: Point): Cell | null {
  const column = Math.floor(((point.x - region.x) / region.width) * grid.columns);
  const row = Math.floor(((point.y - region.y) / region.height) * grid.rows);
  const inside = row >= 0 && row < grid.rows && column >= 0 && column < grid.columns;
  return inside ? { row, column } : null;
}

export function valueAt(grid: Grid, { row, column }: Cell): number {
  return grid.values[row * grid.columns + column] ?? 0;
}

/**
 * Cubic (Catmull-Rom) in the values, never in the colours, which would invent colours the map does not
 * have. It goes through every value, which sits in the middle of its cell, and unlike bilinear
 * interpolation draws no diamonds around peaks. Kept inside the range of the map's values, because a cubic
 * overshoots. `u` and `v` are shares of the grid's width and height.
 */
export function sampleSmooth(grid: Grid, range: Range, u: number, v: number): number {
  const x = Math.min(grid.columns - 1, Math.max(0, u * grid.columns - 0.5));
  const y = Math.min(grid.rows - 1, Math.max(0, v * grid.rows - 0.5));
  const left = Math.floor(x);
  const top = Math.floor(y);
  const alongX = catmullRom(x - left);
  const alongY = catmullRom(y - top);
  let sum = 0;
  for (let j = 0; j < 4; j++) {
    const row = Math.min(grid.rows - 1, Math.max(0, top + j - 1));
    let inRow = 0;
    for (let i = 0; i < 4; i++) {
      const column = Math.min(grid.columns - 1, Math.max(0, left + i - 1));
      inRow += (alongX[i] as number) * (grid.values[row * grid.columns + column] as number);
    }
    sum += (alongY[j] as number) * inRow;
  }
  return Math.min(range.max, Math.max(range.min, sum));
}

/** Weights of the four neighbours at -1, 0, 1 and 2 for a place `t` between 0 and 1. */
function catmullRom(t: number): readonly [number, number, number, number] {
  const t2 = t * t;
  const t3 = t2 * t;
  return [
    -0.5 * t3 + t2 - 0.5 * t,
    1.5 * t3 - 2.5 * t2 + 1,
    -1.5 * t3 + 2 * t2 + 0.5 * t,
    0.5 * t3 - 0.5 * t2,
  ];
}

/** The grid resampled to `width` × `height`: smooth between cell centres, or each cell as a block. */
export function resample(
  grid: Grid,
  width: number,
  height: number,
  interpolation: "smooth" | "nearest",
): Float32Array {
  const result = new Float32Array(width * height);
  const range = rangeOf(grid);
  for (let y = 0; y < height; y++) {
    const v = (y + 0.5) / height;
    for (let x = 0; x < width; x++) {
      const u = (x + 0.5) / width;
      result[y * width + x] =
        interpolation === "smooth"
          ? sampleSmooth(grid, range, u, v)
          : (grid.values[
              Math.floor(v * grid.rows) * grid.columns + Math.floor(u * grid.columns)
            ] as number);
    }
  }
  return result;
}
