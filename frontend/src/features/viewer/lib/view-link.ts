/** View and window/level as short texts for an address, so that a link shows the same part the same way. */

import type { View } from "../../../shared/imaging/transform";
import {
  confineWindow,
  IDENTITY,
  isIdentity,
  type WindowLevel,
} from "../../../shared/imaging/window-level";

/** "320.5,240,2.25": the middle in image pixels, the zoom as a multiple of fitting. Null when fitted. */
export function formatView(view: View | null): string | null {
  return view && `${round(view.x, 1)},${round(view.y, 1)},${round(view.zoom, 3)}`;
}

export function parseView(text: string | null): View | null {
  const [x, y, zoom] = numbers(text, 3) ?? [];
  return x === undefined || y === undefined || zoom === undefined || zoom <= 0
    ? null
    : { x, y, zoom };
}

/** "128,256" or "128,256,inverted": level and width. Null for the image as it is. */
export function formatWindow(window: WindowLevel): string | null {
  const { level, width, invert } = window;
  return isIdentity(window) ? null : `${level},${width}${invert ? ",inverted" : ""}`;
}

export function parseWindow(text: string | null): WindowLevel {
  const invert = text?.endsWith(",inverted") ?? false;
  const [level, width] = numbers(invert && text ? text.slice(0, -9) : text, 2) ?? [];
  return level === undefined || width === undefined
    ? IDENTITY
    : confineWindow({ level, width, invert });
}

function numbers(text: string | null, count: number): number[] | null {
  const values = (text ?? "").split(",").map((part) => (part.trim() ? Number(part) : Number.NaN));
  return values.length === count && values.every(Number.isFinite) ? values : null;
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
