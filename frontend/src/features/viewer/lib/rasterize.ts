/** A map as a small canvas that a frame can draw at any scale. */

import type { ColormapName } from "../../../shared/imaging/colormap";
import type { DrawnLayer } from "./draw";
import { layerPixels, type MapLayer } from "./overlay";

export interface LayerDisplay {
  layer: MapLayer | null;
  colormap: ColormapName;
  opacity: number;
  fadeLow: boolean;
}

/** Whether the pixels of the layer differ; opacity is applied when drawing, and does not count. */
export function layerChanged(before: LayerDisplay, after: LayerDisplay): boolean {
  return (
    before.layer !== after.layer ||
    before.colormap !== after.colormap ||
    before.fadeLow !== after.fadeLow
  );
}

export function rasterize({ layer, colormap, fadeLow, opacity }: LayerDisplay): DrawnLayer | null {
  if (!layer) {
    return null;
  }
  const { width, height, rgba } = layerPixels(layer, colormap, fadeLow);
  const source = document.createElement("canvas");
  source.width = width;
  source.height = height;
  source.getContext("2d")?.putImageData(new ImageData(rgba, width, height), 0, 0);
  const { region, grid } = layer;
  return { source, smooth: layer.kind !== "index", opacity, region, grid };
}
