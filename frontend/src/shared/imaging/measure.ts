/** Lengths on an image: in millimetres where its spacing is known, else in pixels. */

import type { Spacing } from "../api/types";
import { type PixelShape, type Point, SQUARE } from "./transform";

/** Within this share of each other rows and columns count as equally far apart: a header rounds. */
const EQUAL = 0.01;
/** Beyond this a header is not believed: the image would be a line. */
const LARGEST_RATIO = 20;

/** The true shape of a pixel. */
export function pixelShape(spacing: Spacing | null): PixelShape {
  const { column_mm: column, row_mm: row } = spacing ?? { column_mm: 1, row_mm: 1 };
  const shorter = Math.min(column, row);
  const ratio = Math.max(column, row) / shorter;
  return ratio > 1 + EQUAL && ratio <= LARGEST_RATIO
    ? { across: column / shorter, down: row / shorter }
    : SQUARE;
}

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

/**
 * Of what one likes to read: 1, 2 or 5 times a power of ten millimetres, and no more than a part of the room.
 * `across`: CSS pixels per column.
 */
export function scaleBar(spacing: Spacing, across: number, room: number): ScaleBar | null {
  const perMillimetre = across / spacing.column_mm;
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
  return `${length}${isTrue(spacing) ? "" : " across"}${spacing.calibrated ? "" : " at the detector"}`;
}

/** Whether the image is drawn so that a length is the same in all directions. */
function isTrue(spacing: Spacing): boolean {
  const { across, down } = pixelShape(spacing);
  const drawn = (spacing.row_mm * across) / (spacing.column_mm * down);
  return Math.abs(drawn - 1) <= EQUAL;
}
