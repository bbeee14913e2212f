/**
 * From stored values to the brightness that is seen: the twin of `backend/intake/render.py`, held to the same
 * cases (`tests/support/rendering.json`). The formulas are those of DICOM PS3.3 C.11.2.1.2 and C.11.2.1.1.
 */

import type { Rendering, ValueDisplay, ValueWindow, VoiFunction, VoiTable } from "../api/types";

const WHITE = 255;

/** The window in which `lowest` is black and `highest` is white (nearly so for a sigmoid). */
export function fullRange(lowest: number, highest: number, voiFunction: VoiFunction): ValueWindow {
  const middle = (lowest + highest) / 2;
  if (voiFunction === "linear") {
    // The formula of the standard subtracts 0.5 from the centre and 1 from the width.
    return { center: middle + 0.5, width: highest - lowest + 1 };
  }
  return { center: middle, width: highest - lowest || 1 };
}

/** The window that a rendering comes down to; null where there is none: colour, or the file's table. */
export function effectiveWindow(display: ValueDisplay, rendering: Rendering): ValueWindow | null {
  if (display.values === "colour") {
    return null;
  }
  if (rendering.window || display.table) {
    return rendering.window;
  }
  return display.windows[0] ?? fullRange(display.lowest, display.highest, "linear");
}

/** The stored value behind the bits of a frame. */
export function storedValue(
  { bytes_per_value: bytes, signed }: Pick<ValueDisplay, "bytes_per_value" | "signed">,
  pattern: number,
): number {
  const unused = 32 - 8 * bytes;
  return signed ? (pattern << unused) >> unused : pattern;
}

export function modalityValue(display: ValueDisplay, pattern: number): number {
  return storedValue(display, pattern) * display.slope + display.intercept;
}

/** Brightness for all bits that a value can have: 256 or 65,536 entries, so that a pixel is only looked up. */
export function brightnessTable(display: ValueDisplay, rendering: Rendering): Uint8Array {
  const table = new Uint8Array(1 << (8 * display.bytes_per_value));
  const brightness = brightnessOf(display, rendering);
  for (let pattern = 0; pattern < table.length; pattern++) {
    const level = Math.floor(brightness(modalityValue(display, pattern)) + 0.5);
    table[pattern] = rendering.inverted ? WHITE - level : level;
  }
  return table;
}

function brightnessOf(display: ValueDisplay, rendering: Rendering): (value: number) => number {
  if (display.values === "colour") {
    return (value) => Math.min(WHITE, Math.max(0, value));
  }
  const window = effectiveWindow(display, rendering);
  if (!window && display.table) {
    return lookedUp(display.table);
  }
  const { center, width } = window ?? fullRange(display.lowest, display.highest, "linear");
  const chosen = rendering.window !== null || display.windows.length > 0;
  const voiFunction = chosen ? rendering.voi_function : "linear";
  if (voiFunction === "sigmoid") {
    return (value) => WHITE / (1 + Math.exp((-4 * (value - center)) / width));
  }
  return voiFunction === "linear" ? ramp(center - 0.5, width - 1) : ramp(center, width);
}

function ramp(center: number, width: number): (value: number) => number {
  const black = center - width / 2;
  const white = center + width / 2;
  return (value) => {
    if (value <= black) {
      return 0;
    }
    if (value > white || width <= 0) {
      return WHITE;
    }
    return Math.min(WHITE, Math.max(0, ((value - center) / width + 0.5) * WHITE));
  };
}

function lookedUp({ first, bits, entries }: VoiTable): (value: number) => number {
  const share = WHITE / (2 ** bits - 1);
  return (value) => {
    const at = Math.min(entries.length - 1, Math.max(0, Math.floor(value + 0.5) - first));
    return Math.min(WHITE, Math.max(0, (entries[at] ?? 0) * share));
  };
}
