/** The image without maps and marks, as it lies in a pane: drawn anew only when it, its window or its place changed. */

import type { Size } from "../../../shared/imaging/transform";
import { drawBase, type Scene } from "./draw";

export class BaseLayer {
  private key = "";
  // In main memory, because windowing reads it back.
  private readonly context = document
    .createElement("canvas")
    .getContext("2d", { willReadFrequently: true });

  /** The pixels of the image are others. */
  forget(): void {
    this.key = "";
  }

  /** Null without a canvas. Both panes show the same; hovering and opacity do not change it. */
  drawn(scene: Scene, pane: Size, ratio: number): CanvasImageSource | null {
    if (!this.context) {
      return null;
    }
    const { transform, window } = scene;
    const key = JSON.stringify([transform, window, pane.width, pane.height, ratio]);
    if (key !== this.key) {
      drawBase(this.context, scene, pane, ratio);
      this.key = key;
    }
    return this.context.canvas;
  }
}
