/** What a stage shows: an image, or in its place a frame of values. */

import type { Point, Size } from "../../../shared/imaging/transform";
import type { MapLayer } from "./overlay";
import { PixelReader } from "./pixel-reader";
import { type Probe, readProbe } from "./probe";
import { type ShownValues, sameSize, ValuePicture } from "./value-picture";

export class StageContent {
  size: Size | null = null;
  readonly picture = new ValuePicture();
  private image: ImageBitmap | null = null;
  private readonly pixels = new PixelReader();

  /** Whether something else begins with it: another image, though not behind values. */
  setImage(image: ImageBitmap | null): boolean {
    this.image = image;
    if (this.picture.size) {
      return false;
    }
    this.measure();
    return true;
  }

  /** Another frame, or window, of the same size is the same thing still. */
  setValues(shown: ShownValues | null): boolean {
    this.picture.set(shown);
    const before = this.size;
    this.measure();
    return !sameSize(before, this.size);
  }

  /** Null: nothing to draw. */
  source(): CanvasImageSource | null {
    return this.picture.source() ?? this.image;
  }

  probe(layer: MapLayer | null, at: Point): Probe | null {
    const { pixels, image, picture, size } = this;
    return size && readProbe({ pixels, image, picture }, size, layer, at);
  }

  private measure(): void {
    const { width, height } = this.picture.size ?? this.image ?? {};
    // Spelled out: an ImageBitmap's sides are not its own properties, and would be lost in a spread.
    this.size = width && height ? { width, height } : null;
  }
}
