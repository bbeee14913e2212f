/** Lengths on an image: in millimetres where its spacing is known, else in pixels. */

import type { Spacing } from "../api/types";
import type { Point } from "./transform";

export interface Length {
  pixels: number;
  /** Null: the spacing is not known. */
  millimetres: number | null;
  /** False: millimetres at the detector; in the body it is shorter. */
  calibrated: boolean;
}

/** Rows and columns may lie at different distances. */
export function lengthBetween(from: Point, to: Point, spacing: Spacing | null): Length {
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  return {
    pixels: Math.hypot(dx, dy),
    millimetres: spacing && Math.hypot(dx * spacing.column_mm, dy * spacing.row_mm),
    calibrated: spacing?.calibrated ?? true,
  };
}

/** "12.3 mm", and what it is not. */
export function lengthWords({ pixels, millimetres, calibrated }: Length): string {
  if (millimetres === null) {
    return `${pixels.toFixed(1)} pixels (no spacing in the file)`;
  }
  const length = `${millimetres.toFixed(millimetres < 10 ? 2 : 1)} mm`;
  return calibrated ? length : `${length} at the detector, not calibrated`;
}

export interface ScaleBar {
  /** CSS pixels. */
  length: number;
  label: string;
}

/** Of what one likes to read: 1, 2 or 5 times a power of ten millimetres, and no more than a part of the room. */
export function scaleBar(spacing: Spacing, scale: number, room: number): ScaleBar | null {
  const perMillimetre = scale / spacing.column_mm;
  const largest = room / perMillimetre;
  if (!(largest > 0) || !Number.isFinite(largest)) {
    return null;
  }
  const power = 10 ** Math.floor(Math.log10(largest));
  const millimetres = power * (largest >= 5 * power ? 5 : largest >= 2 * power ? 2 : 1);
  return { length: millimetres * perMillimetre, label: scaleLabel(millimetres, spacing) };
}

function scaleLabel(millimetres: number, spacing: Spacing): string {
  const length =
    millimetres >= 10 ? `${millimetres / 10} cm` : `${Number(millimetres.toPrecision(1))} mm`;
  const across =
    Math.abs(spacing.row_mm - spacing.column_mm) > 0.01 * spacing.column_mm ? " across" : "";
  return `${length}${across}${spacing.calibrated ? "" : " at the detector"}`;
}
