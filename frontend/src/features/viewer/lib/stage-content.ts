/** What a stage shows: an image, or in its place a frame of values. */

import type { Sight } from "../../../shared/imaging/sampling";
import { type Point, type Raster, SQUARE } from "../../../shared/imaging/transform";
import type { Piece } from "./draw";
import type { MapLayer } from "./overlay";
import { PixelReader } from "./pixel-reader";
import { type Probe, readProbe } from "./probe";
import { type ShownValues, sameSize, ValuePicture } from "./value-picture";

export class StageContent {
  size: Raster | null = null;
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

  /** Another frame, or window, of the same size and shape is the same thing still. */
  setValues(shown: ShownValues | null): boolean {
    this.picture.set(shown);
    const before = this.size;
    this.measure();
    return !sameRaster(before, this.size);
  }

  /** Null: nothing to draw. */
  piece(sight: Sight): Piece | null {
    const { image, size } = this;
    if (this.picture.size) {
      return this.picture.piece(sight);
    }
    return image && size && { image, covers: { x: 0, y: 0, ...size }, exact: true };
  }

  probe(layer: MapLayer | null, at: Point): Probe | null {
    const { pixels, image, picture, size } = this;
    return size && readProbe({ pixels, image, picture }, size, layer, at);
  }

  private measure(): void {
    const { width, height } = this.picture.size ?? this.image ?? {};
    // Spelled out: an ImageBitmap's sides are not its own properties, and would be lost in a spread.
    this.size = width && height ? { width, height, pixel: this.picture.pixel } : null;
  }
}

function sameRaster(one: Raster | null, other: Raster | null): boolean {
  const { across, down } = one?.pixel ?? SQUARE;
  const pixel = other?.pixel ?? SQUARE;
  return sameSize(one, other) && across === pixel.across && down === pixel.down;
}
