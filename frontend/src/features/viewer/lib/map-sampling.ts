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
 * Bilinear in the values (never in the colours, which would invent colours the map does not have).
 * `u` and `v` are shares of the grid's width and height; a value sits in the middle of its cell.
 */
export function sampleSmooth(grid: Grid, u: number, v: number): number {
  const x = Math.min(grid.columns - 1, Math.max(0, u * grid.columns - 0.5));
  const y = Math.min(grid.rows - 1, Math.max(0, v * grid.rows - 0.5));
  const left = Math.floor(x);
  const top = Math.floor(y);
  const right = Math.min(grid.columns - 1, left + 1);
  const bottom = Math.min(grid.rows - 1, top + 1);
  const fx = x - left;
  const fy = y - top;
  const at = (row: number, column: number) => grid.values[row * grid.columns + column] as number;
  const upper = at(top, left) * (1 - fx) + at(top, right) * fx;
  const lower = at(bottom, left) * (1 - fx) + at(bottom, right) * fx;
  return upper * (1 - fy) + lower * fy;
}

/** The grid resampled to `width` × `height`: smooth between cell centres, or each cell as a block. */
export function resample(
  grid: Grid,
  width: number,
  height: number,
  interpolation: "smooth" | "nearest",
): Float32Array {
  const result = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    const v = (y + 0.5) / height;
    for (let x = 0; x < width; x++) {
      const u = (x + 0.5) / width;
      result[y * width + x] =
        interpolation === "smooth"
          ? sampleSmooth(grid, u, v)
          : (grid.values[Math.floor(v * grid.rows) * grid.columns + Math.floor(u * grid.columns)] as number);
    }
  }
  return result;
}
