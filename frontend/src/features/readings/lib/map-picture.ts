/** The map of an item as a small canvas that a frame can draw at any scale. */

import type { MapPixels } from "../../../shared/api/types";
import { valuePixels } from "../../../shared/imaging/value-pixels";

const BRIGHTEST = 255;

const drawn = new WeakMap<MapPixels, HTMLCanvasElement>();

/** Values from 0 to 1 of the map's own range. */
export function mapValues({ width, height, values }: MapPixels): Float32Array {
  const bytes = atob(values);
  if (bytes.length !== width * height) {
    throw new Error(`The map has ${bytes.length} values, not ${width} × ${height}.`);
  }
  return Float32Array.from(bytes, (letter) => letter.charCodeAt(0) / BRIGHTEST);
}

/** Drawn once: whoever shows the next item ahead finds it ready. */
export function mapPicture(map: MapPixels): HTMLCanvasElement {
  const before = drawn.get(map);
  if (before) {
    return before;
  }
  const grid = { rows: map.height, columns: map.width, values: mapValues(map) };
  const { width, height, rgba } = valuePixels(grid, 1, "viridis", true);
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  canvas.getContext("2d")?.putImageData(new ImageData(rgba, width, height), 0, 0);
  drawn.set(map, canvas);
  return canvas;
}
