/** Drawing of one frame. Knows canvas contexts, but neither React nor events. */

import type { Grid } from "../../../shared/imaging/map-sampling";
import { cellAt } from "../../../shared/imaging/map-sampling";
import { isOneToOne } from "../../../shared/imaging/sampling";
import {
  type Point,
  type Rectangle,
  rectangleToPane,
  type Size,
  type Transform,
  toPane,
} from "../../../shared/imaging/transform";
import type { WindowLevel } from "../../../shared/imaging/window-level";
import { windowPixels } from "../../../shared/imaging/window-pixels";
import { drawMarks, drawRuler, type Marks } from "./draw-marks";
import { drawPaint } from "./draw-paint";
import type { PaintScene } from "./painter";
import { DIVIDER, type Pane } from "./panes";
import type { RulerScene } from "./ruler";

/** From here on image pixels are shown as squares: interpolating them would hide what was measured. */
const SQUARES_FROM_SCALE = 6;
const BACKGROUND = "#000";
const DIVIDER_COLOR = "#2a2c2f";

export interface DrawnLayer {
  source: CanvasImageSource;
  smooth: boolean;
  opacity: number;
  region: Rectangle;
  grid: Grid;
}

/** Some of the image, or all of it, as something that can be drawn. */
export interface Piece {
  image: CanvasImageSource;
  /** The rectangle that it shows, in image pixels. */
  covers: Rectangle;
  /** False: one of its pixels is one of the screen. */
  exact: boolean;
}

export interface Scene {
  piece: Piece;
  imageSize: Size;
  transform: Transform;
  window: WindowLevel;
  layer: DrawnLayer | null;
  /** In image pixels: crosshair and the outline of the grid's cell. */
  cursor: Point | null;
  /** The pane the pointer is in; it has the pointer itself and needs no crosshair. */
  cursorPane: Pane | null;
  /** A region of patches, painted or being painted. In all panes. */
  paint: PaintScene | null;
  /** What the header says of size and direction. In all panes. */
  marks: Marks | null;
  ruler: RulerScene | null;
}

/** As sharp as the screen, and black. */
export function clearCanvas(
  canvas: HTMLCanvasElement,
  context: CanvasRenderingContext2D,
  size: Size,
  ratio: number,
): void {
  const width = Math.round(size.width * ratio);
  const height = Math.round(size.height * ratio);
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.fillStyle = BACKGROUND;
  context.fillRect(0, 0, size.width, size.height);
}

/** Draws the base image, windowed, into a scratch canvas of one pane, in device pixels. */
export function drawBase(
  scratch: CanvasRenderingContext2D,
  scene: Scene,
  pane: Size,
  ratio: number,
): void {
  const { canvas } = scratch;
  canvas.width = Math.max(1, Math.round(pane.width * ratio));
  canvas.height = Math.max(1, Math.round(pane.height * ratio));
  scratch.setTransform(ratio, 0, 0, ratio, 0, 0);
  const { piece, transform } = scene;
  scratch.imageSmoothingEnabled =
    piece.exact && transform.scale * ratio < SQUARES_FROM_SCALE && !isOneToOne(transform, ratio);
  scratch.imageSmoothingQuality = "high";
  const { x, y, width, height } = rectangleToPane(transform, piece.covers);
  scratch.drawImage(piece.image, x, y, width, height);
  const place = rectangleToPane(transform, { x: 0, y: 0, ...scene.imageSize });
  windowPixels(scratch, place, scene.window, ratio);
}

/** All panes, and the line between two. */
export function drawPanes(
  context: CanvasRenderingContext2D,
  base: CanvasImageSource,
  scene: Scene,
  panes: readonly Pane[],
): void {
  for (const pane of panes) {
    drawPane(context, base, scene, pane);
  }
}

export function drawDivider(context: CanvasRenderingContext2D, panes: readonly Pane[]): void {
  const second = panes[1];
  if (second) {
    context.fillStyle = DIVIDER_COLOR;
    context.fillRect(second.x - DIVIDER, 0, DIVIDER, second.height);
  }
}

/** Draws one pane: the prepared base, the map on the same transform, the marks. */
function drawPane(
  context: CanvasRenderingContext2D,
  base: CanvasImageSource,
  scene: Scene,
  pane: Pane,
): void {
  context.save();
  context.beginPath();
  context.rect(pane.x, pane.y, pane.width, pane.height);
  context.clip();
  context.translate(pane.x, pane.y);
  context.drawImage(base, 0, 0, pane.width, pane.height);
  if (scene.layer && pane.overlay) {
    drawLayer(context, scene.layer, scene);
  }
  if (scene.paint) {
    drawPaint(context, scene.paint, scene.transform, scene.imageSize);
  }
  if (scene.cursor) {
    // The brush shows its own patches.
    if (!scene.paint?.editing) {
      drawCell(context, scene, scene.cursor);
    }
    if (pane !== scene.cursorPane) {
      drawCrosshair(context, scene.transform, scene.cursor);
    }
  }
  if (scene.marks) {
    drawMarks(context, scene.marks, scene.transform, pane);
  }
  if (scene.ruler) {
    drawRuler(context, scene.ruler, scene.transform);
  }
  context.restore();
}

/** The map covers its region of the image; what was padding beside the image is cut off. */
function drawLayer(context: CanvasRenderingContext2D, layer: DrawnLayer, scene: Scene): void {
  const shown = rectangleToPane(scene.transform, { x: 0, y: 0, ...scene.imageSize });
  const place = rectangleToPane(scene.transform, layer.region);
  context.save();
  context.beginPath();
  context.rect(shown.x, shown.y, shown.width, shown.height);
  context.clip();
  context.globalAlpha = layer.opacity;
  context.imageSmoothingEnabled = layer.smooth;
  context.imageSmoothingQuality = "high";
  context.drawImage(layer.source, place.x, place.y, place.width, place.height);
  context.restore();
}

function drawCell(context: CanvasRenderingContext2D, scene: Scene, cursor: Point): void {
  const { layer, transform } = scene;
  const cell = layer && cellAt(layer.grid, layer.region, cursor);
  if (!layer || !cell) {
    return;
  }
  const width = layer.region.width / layer.grid.columns;
  const height = layer.region.height / layer.grid.rows;
  const place = rectangleToPane(transform, {
    x: layer.region.x + cell.column * width,
    y: layer.region.y + cell.row * height,
    width,
    height,
  });
  outline(context, place);
}

/** White inside black: visible on any ground. */
function outline(context: CanvasRenderingContext2D, { x, y, width, height }: Rectangle): void {
  context.lineWidth = 1;
  context.strokeStyle = "rgb(0 0 0 / 0.7)";
  context.strokeRect(x - 0.5, y - 0.5, width + 1, height + 1);
  context.strokeStyle = "rgb(255 255 255 / 0.9)";
  context.strokeRect(x + 0.5, y + 0.5, width - 1, height - 1);
}

function drawCrosshair(context: CanvasRenderingContext2D, transform: Transform, at: Point): void {
  const place = toPane(transform, at);
  const x = Math.round(place.x) + 0.5;
  const y = Math.round(place.y) + 0.5;
  for (const [color, width] of [
    ["rgb(0 0 0 / 0.7)", 3],
    ["rgb(255 255 255 / 0.95)", 1],
  ] as const) {
    context.strokeStyle = color;
    context.lineWidth = width;
    context.beginPath();
    for (const [dx, dy] of [
      [1, 0],
      [-1, 0],
      [0, 1],
      [0, -1],
    ] as const) {
      context.moveTo(x + 4 * dx, y + 4 * dy);
      context.lineTo(x + 11 * dx, y + 11 * dy);
    }
    context.stroke();
  }
}
