/** Windows to choose from, and the limits within which one may drag. All in the modality's unit. */

import type { ValueDisplay, ValueWindow } from "../../../shared/api/types";
import { fullRange } from "../../../shared/imaging/value-window";

export interface Preset {
  name: string;
  /** Null: the file's own table. */
  window: ValueWindow | null;
}

/** The file's table, its windows and those of its kind of image, and always everything from lowest to highest. */
export function presetsOf(display: ValueDisplay): Preset[] {
  if (display.values === "colour") {
    return [];
  }
  const { table, windows } = display;
  const presets: Preset[] = table
    ? [{ name: table.name || "Table of the file", window: null }]
    : [];
  for (const { name, center, width } of windows) {
    presets.push({ name, window: { center, width } });
  }
  const full = fullRange(display.lowest, display.highest, display.voi_function);
  if (!presets.some(({ name, window }) => name === "Full range" || sameWindow(window, full))) {
    presets.push({ name: "Full range", window: full });
  }
  return presets;
}

export function sameWindow(one: ValueWindow | null, other: ValueWindow | null): boolean {
  return one?.center === other?.center && one?.width === other?.width;
}

/** Decimal places that a value of this kind is worth: none for Hounsfield units. */
export function digitsOf({ slope, intercept }: ValueDisplay): number {
  if (Number.isInteger(slope) && Number.isInteger(intercept)) {
    return 0;
  }
  const step = Math.abs(slope) || 1;
  return Math.min(8, Math.max(Number.isInteger(intercept) ? 0 : 1, Math.ceil(-Math.log10(step))));
}

const STEPS_ACROSS = 300;

/** Units per CSS pixel of dragging: finer in a narrow window, so that both brain and bone can be set. */
export function dragSpeed(display: ValueDisplay, before: ValueWindow): number {
  return Math.max(before.width, spanOf(display) / 16) / STEPS_ACROSS;
}

/** Rounded to what a value is worth, and kept near the values that there are. */
export function confineValueWindow(
  display: ValueDisplay,
  { center, width }: ValueWindow,
): ValueWindow {
  const span = spanOf(display);
  const digits = digitsOf(display);
  const round = (value: number) => Number(value.toFixed(digits));
  const narrowest = Math.max(display.voi_function === "linear" ? 1 : 0, 10 ** -digits);
  return {
    center: round(Math.min(display.highest + span, Math.max(display.lowest - span, center))),
    width: round(Math.min(4 * span, Math.max(narrowest, width))),
  };
}

/** From the lowest to the highest value, and never nothing. */
function spanOf({ lowest, highest, slope }: ValueDisplay): number {
  return Math.max(highest - lowest, Math.abs(slope), 1e-6) + 1;
}
