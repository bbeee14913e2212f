/** From the values of a map to coloured pixels. */

import { type ColormapName, colormapTable } from "./colormap";
import { type Grid, largestValue, resample } from "./map-sampling";

export interface LayerPixels {
  width: number;
  height: number;
  /** RGBA, not premultiplied. Without the layer's opacity, which is applied when it is drawn. */
  rgba: Uint8ClampedArray<ArrayBuffer>;
}

/** Pixels per cell before the canvas scales further: enough that its own interpolation is not seen. */
const PIXELS_PER_CELL = 16;
const LARGEST_SIDE = 512;

/** Fading: invisible up to 5 % of the scale, full from 40 %. */
export const FADE_FROM = 0.05;
export const FADE_TO = 0.4;

/** Share of the layer's opacity that a value gets (0 to 1 of the scale). */
export function fade(share: number): number {
  return Math.min(1, Math.max(0, (share - FADE_FROM) / (FADE_TO - FADE_FROM)));
}

/** `maximum` gets the last colour. A map without any positive value stays transparent. */
export function valuePixels(
  grid: Grid,
  maximum: number,
  colormap: ColormapName,
  fadeLow: boolean,
): LayerPixels {
  const perCell = Math.max(
    1,
    Math.min(PIXELS_PER_CELL, Math.floor(LARGEST_SIDE / Math.max(grid.rows, grid.columns))),
  );
  const width = grid.columns * perCell;
  const height = grid.rows * perCell;
  const rgba = new Uint8ClampedArray(width * height * 4);
  if (maximum <= 0 || largestValue(grid) <= 0) {
    return { width, height, rgba };
  }
  const values = resample(grid, width, height, "smooth");
  const table = colormapTable(colormap);
  for (let pixel = 0; pixel < values.length; pixel++) {
    const share = Math.min(1, Math.max(0, (values[pixel] as number) / maximum));
    const from = 3 * Math.round(255 * share);
    rgba[4 * pixel] = table[from] as number;
    rgba[4 * pixel + 1] = table[from + 1] as number;
    rgba[4 * pixel + 2] = table[from + 2] as number;
    rgba[4 * pixel + 3] = fadeLow ? 255 * fade(share) : 255;
  }
  return { width, height, rgba };
}
