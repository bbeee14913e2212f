/** View, frame and window/level as short texts for an address, so that a link shows the same part the same way. */

import type { Rendering, ValueWindow } from "../../../shared/api/types";
import type { View } from "../../../shared/imaging/transform";
import {
  confineWindow,
  IDENTITY,
  isIdentity,
  type WindowLevel,
} from "../../../shared/imaging/window-level";

const INVERTED = ",inverted";

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
  return isIdentity(window) ? null : `${level},${width}${invert ? INVERTED : ""}`;
}

export function parseWindow(text: string | null): WindowLevel {
  const invert = text?.endsWith(INVERTED) ?? false;
  const [level, width] = numbers(invert && text ? text.slice(0, -INVERTED.length) : text, 2) ?? [];
  return level === undefined || width === undefined
    ? IDENTITY
    : confineWindow({ level, width, invert });
}

/** What a link says of a case that keeps values; null: nothing. */
export interface LinkedRendering {
  /** From 0. */
  frame: number | null;
  voi: { window: ValueWindow | null; inverted: boolean } | null;
}

/** Counted from 1, as on the screen. */
export function formatFrame(rendering: Rendering | null): string | null {
  return rendering && String(rendering.frame + 1);
}

export function parseFrame(text: string | null): number | null {
  const [frame] = numbers(text, 1) ?? [];
  return frame !== undefined && Number.isInteger(frame) && frame >= 1 ? frame - 1 : null;
}

/** "40,400" or "-600,1500,inverted": centre and width in the modality's unit. "file": as the file asks. */
export function formatVoi(rendering: Rendering | null): string | null {
  if (!rendering) {
    return null;
  }
  const { window, inverted } = rendering;
  return `${window ? `${window.center},${window.width}` : "file"}${inverted ? INVERTED : ""}`;
}

export function parseVoi(text: string | null): LinkedRendering["voi"] {
  const inverted = text?.endsWith(INVERTED) ?? false;
  const rest = inverted && text ? text.slice(0, -INVERTED.length) : text;
  if (rest === "file") {
    return { window: null, inverted };
  }
  const [center, width] = numbers(rest, 2) ?? [];
  return center === undefined || width === undefined || width <= 0
    ? null
    : { window: { center, width }, inverted };
}

function numbers(text: string | null, count: number): number[] | null {
  const values = (text ?? "").split(",").map((part) => (part.trim() ? Number(part) : Number.NaN));
  return values.length === count && values.every(Number.isFinite) ? values : null;
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
