/** From a map to the pixels of its layer. */

import { type ColormapName, codeColor } from "../../../shared/imaging/colormap";
import { type Grid, largestValue } from "../../../shared/imaging/map-sampling";
import type { Rectangle } from "../../../shared/imaging/transform";
import { type LayerPixels, valuePixels } from "../../../shared/imaging/value-pixels";

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

/** A map without any positive value has nothing to show, and must not be stretched into something. */
export function isEmptyMap(layer: MapLayer): boolean {
  return layer.kind !== "index" && (layer.maximum <= 0 || largestValue(layer.grid) <= 0);
}

export function layerPixels(
  layer: MapLayer,
  colormap: ColormapName,
  fadeLow: boolean,
): LayerPixels {
  return layer.kind === "index"
    ? indexPixels(layer)
    : valuePixels(layer.grid, layer.maximum, colormap, fadeLow);
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
