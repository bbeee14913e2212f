/** Window and level of what was drawn into a canvas. */

import type { Rectangle } from "./transform";
import { applyWindow, isIdentity, type WindowLevel } from "./window-level";

/** Windows an image that was drawn at `place`. Only the part of the canvas that shows it is read and written back. */
export function windowPixels(
  context: CanvasRenderingContext2D,
  place: Rectangle,
  window: WindowLevel,
  ratio: number,
): void {
  if (isIdentity(window)) {
    return;
  }
  const { width, height } = context.canvas;
  const left = Math.max(0, Math.floor(place.x * ratio));
  const top = Math.max(0, Math.floor(place.y * ratio));
  const right = Math.min(width, Math.ceil((place.x + place.width) * ratio));
  const bottom = Math.min(height, Math.ceil((place.y + place.height) * ratio));
  if (right <= left || bottom <= top) {
    return;
  }
  const pixels = context.getImageData(left, top, right - left, bottom - top);
  applyWindow(pixels.data, pixels.data, window);
  context.putImageData(pixels, left, top);
}
