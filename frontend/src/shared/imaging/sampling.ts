/**
 * Which pixels of a large image have to be painted for what is seen of it. Only those are looked up anew when the
 * window changes, so that a mammogram follows the hand.
 */

import {
  across,
  down,
  type Point,
  type Rectangle,
  type Size,
  type Transform,
  toImage,
} from "./transform";

/** What is seen: through which transform, in a pane of which size, at how many device pixels per CSS pixel. */
export interface Sight {
  transform: Transform;
  pane: Size;
  ratio: number;
  /** While something is dragged: one value per device pixel is enough where there are more. */
  hurried: boolean;
}

export interface Sampling {
  /** Of the image, from left to right. */
  columns: Int32Array;
  /** Of the image, from top to bottom. */
  rows: Int32Array;
  /** The rectangle of the image that they stand for. */
  covers: Rectangle;
  /** Every pixel of the rectangle is there. */
  exact: boolean;
}

/** Up to here an image is painted as a whole: that is fast enough, and nothing is to be done when it is moved. */
export const SMALL_PIXELS = 2 ** 20;
/** A part has its ends at multiples of this, so that it need not be painted anew for every step of a move. */
const STEP = 64;
/** Beyond what is seen, for the interpolation at the edge of the pane. */
const MARGIN = 4;

/** Null: the whole image. */
export function samplingFor(image: Size, sight: Sight): Sampling | null {
  const { transform, pane, ratio, hurried } = sight;
  if (image.width * image.height <= SMALL_PIXELS) {
    return null;
  }
  const from = toImage(transform, { x: 0, y: 0 });
  const to = toImage(transform, { x: pane.width, y: pane.height });
  if (showsEveryPixel(transform, ratio)) {
    return partBetween(from, to, image);
  }
  return hurried ? gridOf(image, sight) : null;
}

/** One device pixel or more for each of the image's. */
function showsEveryPixel(transform: Transform, ratio: number): boolean {
  // An inexact share of the page's zoom must not make "one to one" less than it is.
  return transform.scale * ratio > 1 - 1e-9;
}

/** Whether each of the image's pixels is exactly one device pixel: then nothing is to be interpolated. */
export function isOneToOne(transform: Transform, ratio: number): boolean {
  return [across(transform), down(transform)].every((side) => Math.abs(side * ratio - 1) < 1e-9);
}

function partBetween(from: Point, to: Point, image: Size): Sampling | null {
  const columns = sequence(from.x, to.x, image.width);
  const rows = sequence(from.y, to.y, image.height);
  return completed(columns, rows, {
    x: columns[0] ?? 0,
    y: rows[0] ?? 0,
    width: columns.length,
    height: rows.length,
  });
}

function sequence(from: number, to: number, length: number): Int32Array {
  const first = Math.max(0, STEP * Math.floor((from - MARGIN) / STEP));
  const end = Math.min(length, STEP * Math.ceil((to + MARGIN) / STEP));
  return Int32Array.from({ length: Math.max(0, end - first) }, (_, at) => first + at);
}

/** The pixel under the middle of each device pixel that shows some of the image. */
function gridOf(image: Size, { transform, pane, ratio }: Sight): Sampling | null {
  const alongX = middles(
    transform.x * ratio,
    across(transform) * ratio,
    image.width,
    pane.width * ratio,
  );
  const alongY = middles(
    transform.y * ratio,
    down(transform) * ratio,
    image.height,
    pane.height * ratio,
  );
  const corner = toImage(transform, { x: alongX.first / ratio, y: alongY.first / ratio });
  return completed(
    alongX.taken,
    alongY.taken,
    {
      ...corner,
      width: alongX.taken.length / ratio / across(transform),
      height: alongY.taken.length / ratio / down(transform),
    },
    false,
  );
}

/** All in device pixels, but for `length`, which is the image's. */
function middles(offset: number, scale: number, length: number, room: number) {
  const first = Math.max(0, Math.ceil(offset - 0.5));
  const end = Math.min(Math.round(room), Math.ceil(offset + length * scale - 0.5));
  const taken = Int32Array.from({ length: Math.max(0, end - first) }, (_, at) =>
    Math.min(length - 1, Math.max(0, Math.floor((first + at + 0.5 - offset) / scale))),
  );
  return { first, taken };
}

/** Null where nothing is seen: then there is nothing to gain. */
function completed(
  columns: Int32Array,
  rows: Int32Array,
  covers: Rectangle,
  exact = true,
): Sampling | null {
  return columns.length > 0 && rows.length > 0 ? { columns, rows, covers, exact } : null;
}
