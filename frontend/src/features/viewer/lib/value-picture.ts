/**
 * A frame of values as something that can be drawn. Its pixels are looked up anew only when something changed,
 * and of a large one only those that are seen.
 */

import type { Rendering, Spacing, ValueDisplay } from "../../../shared/api/types";
import { pixelShape } from "../../../shared/imaging/measure";
import { type Sight, samplingFor } from "../../../shared/imaging/sampling";
import type { PixelShape, Size } from "../../../shared/imaging/transform";
import {
  paintFrame,
  paintSampled,
  samplesOf,
  type ValueFrame,
} from "../../../shared/imaging/value-frame";
import { brightnessTable, modalityValue, storedValue } from "../../../shared/imaging/value-window";
import type { Piece } from "./draw";
import type { Marks } from "./draw-marks";
import { Surface } from "./surface";

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
  /** Counts what has been set, so that surfaces know what is new. */
  private version = 0;
  private readonly whole = new Surface();
  private readonly part = new Surface();

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

  /** True to the body: rows and columns may lie at different distances. */
  get pixel(): PixelShape {
    return pixelShape(this.spacing);
  }

  set(shown: ShownValues | null): void {
    this.shown = shown;
    this.version += 1;
    if (!shown) {
      this.whole.release();
      this.part.release();
    }
  }

  /** What is drawn for what is seen. Null without values, or without a canvas. */
  piece(sight: Sight): Piece | null {
    const { shown } = this;
    if (!shown) {
      return null;
    }
    const { frame } = shown;
    const sampling = samplingFor(frame, sight);
    if (!sampling) {
      const image = this.whole.painted(frame, String(this.version), (words) =>
        paintFrame(frame, ...lookup(shown), words),
      );
      return image && { image, covers: { x: 0, y: 0, ...sizeOf(frame) }, exact: true };
    }
    const { columns, rows, covers, exact } = sampling;
    const size = { width: columns.length, height: rows.length };
    const key = JSON.stringify([this.version, exact, covers]);
    const image = this.part.painted(size, key, (words) =>
      paintSampled(frame, ...lookup(shown), sampling, words),
    );
    return image && { image, covers, exact };
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
}

/** Samples a pixel, and the brightness of every value. */
function lookup({ display, rendering }: ShownValues): [number, Uint8Array] {
  return [samplesOf(display), brightnessTable(display, rendering)];
}

function sizeOf({ width, height }: Size): Size {
  return { width, height };
}

export function sameSize(one: Size | null, other: Size | null): boolean {
  return one?.width === other?.width && one?.height === other?.height;
}
