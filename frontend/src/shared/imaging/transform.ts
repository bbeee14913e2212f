/**
 * The one transform of the viewer: image pixels → CSS pixels of a pane.
 *
 *   pane = image * scale + (x, y)
 *
 * Everything (base image, map, crosshair, probe) goes through it, so nothing can drift apart.
 */

export interface Point {
  x: number;
  y: number;
}

export interface Size {
  width: number;
  height: number;
}

export interface Rectangle extends Point, Size {}

export interface Transform extends Point {
  /** CSS pixels per image pixel. */
  scale: number;
}

/**
 * What a pane shows, without its size: the image point in its middle, and the zoom as a multiple of fitting.
 * Panes of different sizes with the same view show the same part of the image, and a link can carry it.
 */
export interface View extends Point {
  zoom: number;
}

/** How far one may zoom beyond fitting, and how many CSS pixels one image pixel may become. */
const SMALLEST_SHARE_OF_FIT = 0.25;
const LARGEST_SCALE = 40;
/** At least this many CSS pixels of the image stay inside the pane, so that it cannot get lost. */
const KEEP_VISIBLE = 48;

export function toPane(transform: Transform, point: Point): Point {
  return {
    x: point.x * transform.scale + transform.x,
    y: point.y * transform.scale + transform.y,
  };
}

export function toImage(transform: Transform, point: Point): Point {
  return {
    x: (point.x - transform.x) / transform.scale,
    y: (point.y - transform.y) / transform.scale,
  };
}

/** The image as large as it fits into the pane, centred. */
export function fitToPane(image: Size, pane: Size, margin = 8): Transform {
  const room = {
    width: Math.max(1, pane.width - 2 * margin),
    height: Math.max(1, pane.height - 2 * margin),
  };
  const scale = Math.min(room.width / image.width, room.height / image.height);
  return centred(image, pane, scale);
}

/** One image pixel on one device pixel, centred. */
export function oneToOne(image: Size, pane: Size, devicePixelRatio: number): Transform {
  return centred(image, pane, 1 / devicePixelRatio);
}

function centred(image: Size, pane: Size, scale: number): Transform {
  return {
    scale,
    x: (pane.width - image.width * scale) / 2,
    y: (pane.height - image.height * scale) / 2,
  };
}

export function viewOf(transform: Transform, image: Size, pane: Size): View {
  const middle = toImage(transform, { x: pane.width / 2, y: pane.height / 2 });
  return { ...middle, zoom: transform.scale / fitToPane(image, pane).scale };
}

/** The transform for a view. One from a link may be anything, so the limits of zooming hold here, too. */
export function placeView(view: View, image: Size, pane: Size): Transform {
  const fitted = fitToPane(image, pane).scale;
  const largest = Math.max(LARGEST_SCALE, fitted);
  const scale = Math.min(largest, fitted * Math.max(SMALLEST_SHARE_OF_FIT, view.zoom));
  const x = pane.width / 2 - view.x * scale;
  const y = pane.height / 2 - view.y * scale;
  return keepInSight({ scale, x, y }, image, pane);
}

/** Zooms by a factor; the image point under `anchor` (pane coordinates) stays where it is. */
export function zoomAt(
  transform: Transform,
  anchor: Point,
  factor: number,
  image: Size,
  pane: Size,
): Transform {
  const smallest = fitToPane(image, pane).scale * SMALLEST_SHARE_OF_FIT;
  // Already outside the limits (a huge 1:1 image in a small pane): never jump, only forbid going on.
  const lower = Math.min(smallest, transform.scale);
  const upper = Math.max(LARGEST_SCALE, transform.scale);
  const scale = Math.min(upper, Math.max(lower, transform.scale * factor));
  const under = toImage(transform, anchor);
  const zoomed = { scale, x: anchor.x - under.x * scale, y: anchor.y - under.y * scale };
  return keepInSight(zoomed, image, pane);
}

export function panBy(
  transform: Transform,
  dx: number,
  dy: number,
  image: Size,
  pane: Size,
): Transform {
  return keepInSight({ ...transform, x: transform.x + dx, y: transform.y + dy }, image, pane);
}

/** Moves the image back until a strip of it is visible. */
export function keepInSight(transform: Transform, image: Size, pane: Size): Transform {
  return {
    scale: transform.scale,
    x: confine(transform.x, image.width * transform.scale, pane.width),
    y: confine(transform.y, image.height * transform.scale, pane.height),
  };
}

function confine(offset: number, length: number, room: number): number {
  const strip = Math.min(KEEP_VISIBLE, length, room);
  return Math.min(room - strip, Math.max(strip - length, offset));
}

/** Where a rectangle of the image lies in the pane. */
export function rectangleToPane(transform: Transform, rectangle: Rectangle): Rectangle {
  const corner = toPane(transform, rectangle);
  return {
    ...corner,
    width: rectangle.width * transform.scale,
    height: rectangle.height * transform.scale,
  };
}

/** Zoom in percent of device pixels: 100 means one image pixel on one device pixel. */
export function zoomPercent(transform: Transform, devicePixelRatio: number): number {
  return transform.scale * devicePixelRatio * 100;
}
