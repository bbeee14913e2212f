/**
 * The one transform of the viewer: image pixels → CSS pixels of a pane.
 *
 *   pane = image * scale * pixel + (x, y)
 *
 * Everything (base image, map, crosshair, probe) goes through it, so nothing can drift apart, and where rows and
 * columns lie at different distances everything has its true shape.
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

/**
 * Width and height of an image pixel, the shorter of them 1: at a scale of one to one no pixel is left out, and
 * the longer side is stretched.
 */
export interface PixelShape {
  readonly across: number;
  readonly down: number;
}

export const SQUARE: PixelShape = { across: 1, down: 1 };

/** An image's size in pixels, and their shape. Without one they are square. */
export interface Raster extends Size {
  pixel?: PixelShape;
}

export interface Transform extends Point {
  /** CSS pixels per image pixel, along its shorter side. */
  scale: number;
  pixel: PixelShape;
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

/** CSS pixels per column. */
export function across({ scale, pixel }: Transform): number {
  return scale * pixel.across;
}

/** CSS pixels per row. */
export function down({ scale, pixel }: Transform): number {
  return scale * pixel.down;
}

/** What an image measures at a scale of 1. */
function extent({ width, height, pixel = SQUARE }: Raster): Size {
  return { width: width * pixel.across, height: height * pixel.down };
}

export function toPane(transform: Transform, point: Point): Point {
  return {
    x: point.x * across(transform) + transform.x,
    y: point.y * down(transform) + transform.y,
  };
}

export function toImage(transform: Transform, point: Point): Point {
  return {
    x: (point.x - transform.x) / across(transform),
    y: (point.y - transform.y) / down(transform),
  };
}

/** The image as large as it fits into the pane, centred. */
export function fitToPane(image: Raster, pane: Size, margin = 8): Transform {
  const room = {
    width: Math.max(1, pane.width - 2 * margin),
    height: Math.max(1, pane.height - 2 * margin),
  };
  const { width, height } = extent(image);
  const scale = Math.min(room.width / width, room.height / height);
  return centred(image, pane, scale);
}

/** One image pixel on one device pixel, centred. Not between two of them, so that none is mixed with its neighbour. */
export function oneToOne(image: Raster, pane: Size, devicePixelRatio: number): Transform {
  const { x, y, ...rest } = centred(image, pane, 1 / devicePixelRatio);
  const whole = (offset: number) => Math.round(offset * devicePixelRatio) / devicePixelRatio;
  return { ...rest, x: whole(x), y: whole(y) };
}

function centred(image: Raster, pane: Size, scale: number): Transform {
  const { width, height } = extent(image);
  return {
    scale,
    pixel: image.pixel ?? SQUARE,
    x: (pane.width - width * scale) / 2,
    y: (pane.height - height * scale) / 2,
  };
}

export function viewOf(transform: Transform, image: Raster, pane: Size): View {
  const middle = toImage(transform, { x: pane.width / 2, y: pane.height / 2 });
  return { ...middle, zoom: transform.scale / fitToPane(image, pane).scale };
}

/** The transform for a view. One from a link may be anything, so the limits of zooming hold here, too. */
export function placeView(view: View, image: Raster, pane: Size): Transform {
  const { scale: fitted, pixel } = fitToPane(image, pane);
  const largest = Math.max(LARGEST_SCALE, fitted);
  const scale = Math.min(largest, fitted * Math.max(SMALLEST_SHARE_OF_FIT, view.zoom));
  const middle = toPane({ scale, pixel, x: 0, y: 0 }, view);
  const x = pane.width / 2 - middle.x;
  const y = pane.height / 2 - middle.y;
  return keepInSight({ scale, pixel, x, y }, image, pane);
}

/** Zooms by a factor; the image point under `anchor` (pane coordinates) stays where it is. */
export function zoomAt(
  transform: Transform,
  anchor: Point,
  factor: number,
  image: Raster,
  pane: Size,
): Transform {
  const smallest = fitToPane(image, pane).scale * SMALLEST_SHARE_OF_FIT;
  // Already outside the limits (a huge 1:1 image in a small pane): never jump, only forbid going on.
  const lower = Math.min(smallest, transform.scale);
  const upper = Math.max(LARGEST_SCALE, transform.scale);
  const scale = Math.min(upper, Math.max(lower, transform.scale * factor));
  const under = toPane({ ...transform, scale, x: 0, y: 0 }, toImage(transform, anchor));
  const zoomed = { ...transform, scale, x: anchor.x - under.x, y: anchor.y - under.y };
  return keepInSight(zoomed, image, pane);
}

export function panBy(
  transform: Transform,
  dx: number,
  dy: number,
  image: Raster,
  pane: Size,
): Transform {
  return keepInSight({ ...transform, x: transform.x + dx, y: transform.y + dy }, image, pane);
}

/** Moves the image back until a strip of it is visible. */
export function keepInSight(transform: Transform, image: Raster, pane: Size): Transform {
  return {
    ...transform,
    x: confine(transform.x, image.width * across(transform), pane.width),
    y: confine(transform.y, image.height * down(transform), pane.height),
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
    width: rectangle.width * across(transform),
    height: rectangle.height * down(transform),
  };
}

/** Zoom in percent of device pixels: 100 means one image pixel on one device pixel. */
export function zoomPercent(transform: Transform, devicePixelRatio: number): number {
  return transform.scale * devicePixelRatio * 100;
}
