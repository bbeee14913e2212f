/** Values, windows and renderings in words. */

import type { Rendering, ValueDisplay, ValueWindow } from "../../../shared/api/types";
import { effectiveWindow } from "../../../shared/imaging/value-window";
import { formatNumber } from "../../../shared/lib/format";
import { digitsOf, presetsOf, sameWindow } from "./value-presets";

/** With its unit: "−120 HU". */
export function valueWords(value: number, display: ValueDisplay): string {
  const { unit } = display;
  return `${formatNumber(value, digitsOf(display))}${unit ? `\u202f${unit}` : ""}`;
}

/** "centre 40, width 400 HU". */
export function windowWords({ center, width }: ValueWindow, display: ValueDisplay): string {
  return `centre ${formatNumber(center, fractionOf(center))}, width ${formatNumber(width, fractionOf(width))}${display.unit ? ` ${display.unit}` : ""}`;
}

/** As many digits as were chosen, and not 17. */
function fractionOf(value: number): number {
  const [, fraction = ""] = String(Number(value.toPrecision(6))).split(".");
  return fraction.includes("e") ? 6 : fraction.length;
}

/** The name of the window that is set; null: somebody has set it by hand. */
export function presetName(rendering: Rendering, display: ValueDisplay): string | null {
  const now = effectiveWindow(display, rendering);
  return presetsOf(display).find(({ window }) => sameWindow(window, now))?.name ?? null;
}

/** Window and inversion: "centre 40, width 400 HU, inverted". Empty where there is nothing to say. */
export function shadingWords(rendering: Rendering, display: ValueDisplay): string {
  const window = effectiveWindow(display, rendering);
  const table = display.values === "grey" && !window ? "the file's own table" : "";
  const parts = [window ? windowWords(window, display) : table];
  if (rendering.inverted) {
    parts.push("inverted");
  }
  return parts.filter(Boolean).join(", ");
}

/** "frame 3 of 20, centre 40, width 400 HU, inverted". */
export function renderingWords(
  rendering: Rendering,
  display: ValueDisplay,
  frames: number,
): string {
  const frame = frames > 1 ? `frame ${rendering.frame + 1} of ${frames}` : "";
  return [frame, shadingWords(rendering, display)].filter(Boolean).join(", ") || "as stored";
}
