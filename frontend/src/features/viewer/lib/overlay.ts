/** From a map to the pixels of its layer. */

import { type ColormapName, codeColor, colormapTable } from "./colormap";
import { type Grid, largestValue, resample } from "./map-sampling";
import type { Rectangle } from "./transform";

export type MapKind = "gradcam" | "magnet" | "index";

/** One map as the viewer draws it. Whoever composes the page makes it; the viewer knows no prediction. */
export interface MapLayer {
  /** Changes whenever the values do. */
  id: string;
  kind: MapKind;
  /** "Grad-CAM" … */
  kindLabel: string;
  /** What it is the map of: an option's text, a group's name. */
  title: string;
  /** Whether the map explains the prediction, or is auxiliary. */
  onPath: boolean;
  grid: Grid;
  /** The rectangle of the image that the grid covers; may reach beyond it. */
  region: Rectangle;
  /** The value that gets the last colour. Not for the index map. */
  maximum: number;
  /** How the scale is to be read, for the legend. */
  scaleNote: string;
  /** What a value is, for the probe: "0.31 of the patch". */
  formatValue: (value: number) => string;
  /** Index map: the one code to be shown strongly, the others dimmed. */
  highlight?: number | null;
}

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

/** A map without any positive value has nothing to show, and must not be stretched into something. */
export function isEmptyMap(layer: MapLayer): boolean {
  return layer.kind !== "index" && (layer.maximum <= 0 || largestValue(layer.grid) <= 0);
}

export function layerPixels(
  layer: MapLayer,
  colormap: ColormapName,
  fadeLow: boolean,
): LayerPixels {
  return layer.kind === "index" ? indexPixels(layer) : valuePixels(layer, colormap, fadeLow);
}

function valuePixels(layer: MapLayer, colormap: ColormapName, fadeLow: boolean): LayerPixels {
  const { grid, maximum } = layer;
  const perCell = Math.max(
    1,
    Math.min(PIXELS_PER_CELL, Math.floor(LARGEST_SIDE / Math.max(grid.rows, grid.columns))),
  );
  const width = grid.columns * perCell;
  const height = grid.rows * perCell;
  const rgba = new Uint8ClampedArray(width * height * 4);
  if (isEmptyMap(layer)) {
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

/** One pixel a cell; drawn without smoothing. */
function indexPixels({ grid, highlight }: MapLayer): LayerPixels {
  const rgba = new Uint8ClampedArray(grid.values.length * 4);
  grid.values.forEach((code, cell) => {
    const [r, g, b] = codeColor(code);
    rgba[4 * cell] = r;
    rgba[4 * cell + 1] = g;
    rgba[4 * cell + 2] = b;
    const dimmed = highlight !== undefined && highlight !== null && highlight !== code;
    rgba[4 * cell + 3] = dimmed ? 0 : 255;
  });
  return { width: grid.columns, height: grid.rows, rgba };
}
