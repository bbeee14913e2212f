/** What lies under the pointer. */

import { type Cell, cellAt, valueAt } from "../../../shared/imaging/map-sampling";
import type { Point, Size } from "../../../shared/imaging/transform";
import type { MapLayer } from "./overlay";
import type { PixelReader } from "./pixel-reader";

export interface Probe {
  /** Whole image pixels from the top left. */
  x: number;
  y: number;
  rgb: [number, number, number] | null;
  cell: Cell | null;
  value: number | null;
}

/** Null beside the image. */
export function readProbe(
  pixels: PixelReader,
  image: ImageBitmap,
  layer: MapLayer | null,
  at: Point,
): Probe | null {
  const x = Math.floor(at.x);
  const y = Math.floor(at.y);
  if (x < 0 || y < 0 || x >= image.width || y >= image.height) {
    return null;
  }
  const cell = layer && cellAt(layer.grid, layer.region, at);
  const value = layer && cell ? valueAt(layer.grid, cell) : null;
  return { x, y, rgb: pixels.read(image, x, y), cell, value };
}

/** The probe a number of cells further (of 1/14 of the image without a map), kept inside the image. */
export function stepPoint(
  image: Size,
  layer: MapLayer | null,
  from: Point | null,
  columns: number,
  rows: number,
): Point {
  const { width, height } = image;
  const stepX = layer ? layer.region.width / layer.grid.columns : width / 14;
  const stepY = layer ? layer.region.height / layer.grid.rows : height / 14;
  const { x, y } = from ?? { x: width / 2, y: height / 2 };
  return {
    x: Math.min(width - 1, Math.max(0, x + columns * stepX)),
    y: Math.min(height - 1, Math.max(0, y + rows * stepY)),
  };
}
