/** A frame of values as something that can be drawn. Its pixels are looked up anew only when something changed. */

import type { Rendering, Spacing, ValueDisplay } from "../../../shared/api/types";
import type { Size } from "../../../shared/imaging/transform";
import { paintFrame, samplesOf, type ValueFrame } from "../../../shared/imaging/value-frame";
import { brightnessTable, modalityValue, storedValue } from "../../../shared/imaging/value-window";
import type { Marks } from "./draw-marks";

export interface ShownValues {
  frame: ValueFrame;
  display: ValueDisplay;
  rendering: Rendering;
}

/** One pixel in the modality's unit. */
export interface ReadValue {
  stored: number;
  value: number;
  /** Of it all; for the unit and the number of digits. */
  display: ValueDisplay;
}

export class ValuePicture {
  private shown: ShownValues | null = null;
  private stale = false;
  private context: CanvasRenderingContext2D | null = null;
  private pixels: ImageData | null = null;

  get size(): Size | null {
    return this.shown?.frame ?? null;
  }

  get spacing(): Spacing | null {
    return this.shown?.display.spacing ?? null;
  }

  get marks(): Marks | null {
    const display = this.shown?.display;
    return display && (display.spacing || display.orientation) ? display : null;
  }

  set(shown: ShownValues | null): void {
    this.shown = shown;
    this.stale = shown !== null;
    if (!shown) {
      // Pixels of a large image take as much room as a film.
      this.context = null;
      this.pixels = null;
    }
  }

  /** Null without values, or without a canvas. */
  source(): CanvasImageSource | null {
    if (this.shown && this.stale) {
      this.paint(this.shown);
      this.stale = false;
    }
    return this.shown ? (this.context?.canvas ?? null) : null;
  }

  /** Null where the values are colours. */
  value(x: number, y: number): ReadValue | null {
    const { shown } = this;
    if (!shown || shown.display.values === "colour") {
      return null;
    }
    const { display, frame } = shown;
    const pattern = frame.data[y * frame.width + x] as number;
    return {
      stored: storedValue(display, pattern),
      value: modalityValue(display, pattern),
      display,
    };
  }

  /** As stored; null where the values are not colours. */
  colour(x: number, y: number): [number, number, number] | null {
    const { shown } = this;
    if (!shown || shown.display.values === "grey") {
      return null;
    }
    const at = 3 * (y * shown.frame.width + x);
    const [r = 0, g = 0, b = 0] = shown.frame.data.subarray(at, at + 3);
    return [r, g, b];
  }

  private paint({ frame, display, rendering }: ShownValues): void {
    const { width, height } = frame;
    if (!this.context || !this.pixels || !sameSize(this.pixels, frame)) {
      const canvas = document.createElement("canvas");
      canvas.width = width;
      canvas.height = height;
      this.context = canvas.getContext("2d", { alpha: false });
      this.pixels = new ImageData(width, height);
    }
    const words = new Uint32Array(this.pixels.data.buffer);
    paintFrame(frame, samplesOf(display), brightnessTable(display, rendering), words);
    this.context?.putImageData(this.pixels, 0, 0);
  }
}

export function sameSize(one: Size | null, other: Size | null): boolean {
  return one?.width === other?.width && one?.height === other?.height;
}
