/** What lies under the pointer. */

import { type Cell, cellAt, valueAt } from "../../../shared/imaging/map-sampling";
import type { Point, Size } from "../../../shared/imaging/transform";
import type { MapLayer } from "./overlay";
import type { PixelReader } from "./pixel-reader";
import type { ReadValue, ValuePicture } from "./value-picture";

export interface Probe {
  /** Whole image pixels from the top left. */
  x: number;
  y: number;
  rgb: [number, number, number] | null;
  /** Of a case that keeps values; null: it does not, or is coloured. */
  measured: ReadValue | null;
  /** Millimetres from the middle of the first pixel; null: not known. */
  millimetres: Point | null;
  cell: Cell | null;
  value: number | null;
}

/** Where pixels are read from: the values that are kept, else the image. */
export interface ProbeSource {
  pixels: PixelReader;
  image: ImageBitmap | null;
  picture: ValuePicture;
}

/** Null beside the image. */
export function readProbe(
  { pixels, image, picture }: ProbeSource,
  size: Size,
  layer: MapLayer | null,
  at: Point,
): Probe | null {
  const x = Math.floor(at.x);
  const y = Math.floor(at.y);
  if (x < 0 || y < 0 || x >= size.width || y >= size.height) {
    return null;
  }
  const cell = layer && cellAt(layer.grid, layer.region, at);
  const value = layer && cell ? valueAt(layer.grid, cell) : null;
  const spacing = picture.spacing;
  return {
    x,
    y,
    rgb: picture.size ? picture.colour(x, y) : image && pixels.read(image, x, y),
    measured: picture.value(x, y),
    millimetres: spacing && { x: x * spacing.column_mm, y: y * spacing.row_mm },
    cell,
    value,
  };
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
