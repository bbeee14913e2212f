/** A canvas whose pixels are written by hand. It and its memory are kept from one painting to the next. */

import type { Size } from "../../../shared/imaging/transform";

export class Surface {
  private context: CanvasRenderingContext2D | null = null;
  private pixels: ImageData | null = null;
  /** What is painted. */
  private key: string | null = null;

  /** Paints only if `key` is another one. `paint` writes RGBA, one 32-bit word a pixel. */
  painted(
    { width, height }: Size,
    key: string,
    paint: (words: Uint32Array) => void,
  ): CanvasImageSource | null {
    if (!this.context || !this.pixels || !this.fits(width, height)) {
      const canvas = document.createElement("canvas");
      canvas.width = width;
      canvas.height = height;
      this.context = canvas.getContext("2d", { alpha: false });
      this.pixels = new ImageData(width, height);
      this.key = null;
    }
    if (this.key !== key) {
      paint(new Uint32Array(this.pixels.data.buffer));
      this.context?.putImageData(this.pixels, 0, 0);
      this.key = key;
    }
    return this.context?.canvas ?? null;
  }

  /** Pixels of a large image take as much room as a film. */
  release(): void {
    this.context = null;
    this.pixels = null;
    this.key = null;
  }

  private fits(width: number, height: number): boolean {
    return this.pixels?.width === width && this.pixels.height === height;
  }
}
