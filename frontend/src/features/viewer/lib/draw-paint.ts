/** Drawing of a region of patches: as patches, because that is all the model can tell apart. */

import {
  across,
  type Rectangle,
  rectangleToPane,
  type Size,
  type Transform,
} from "../../../shared/imaging/transform";
import { cellOf, isLeftOut, type PatchCell, type PatchSet, patchOf, patchRectangle } from "./paint";
import type { PaintScene } from "./painter";

/** The grid is drawn where a patch is at least this wide, in CSS pixels. */
const GRID_FROM = 8;
const HATCH_SPACING = 9;

/** Blue for what counts, orange for what is taken out; hatching and dimming say the same without colour. */
const COLORS = {
  inside: { line: "#9cc4ea", tint: "rgb(122 167 208 / 0.2)" },
  outside: { line: "#e0a06a", tint: "rgb(207 141 85 / 0.2)" },
} as const;
const DARK = "rgb(0 0 0 / 0.75)";
const BRIGHT = "rgb(255 255 255 / 0.95)";

type Context = CanvasRenderingContext2D;

export function drawPaint(
  context: Context,
  scene: PaintScene,
  transform: Transform,
  image: Size,
): void {
  const shown = rectangleToPane(transform, { x: 0, y: 0, ...image });
  const place = (cell: PatchCell) =>
    snapped(rectangleToPane(transform, patchRectangle(scene, cell)));
  const places = (patches: Iterable<number>) =>
    [...patches].map((patch) => place(cellOf(scene.grid, patch)));
  const { line, tint } = COLORS[scene.keep];

  context.save();
  context.beginPath();
  context.rect(shown.x, shown.y, shown.width, shown.height);
  context.clip();
  const leftOut = [...scene.onImage].filter((patch) => isLeftOut(scene, patch));
  if (leftOut.length > 0) {
    hatch(context, places(leftOut), shown);
  }
  if (scene.patches.size > 0) {
    tracePatches(context, places(scene.patches));
    context.fillStyle = tint;
    context.fill();
  }
  const columnWidth = (scene.region.width / scene.grid[1]) * across(transform);
  if (scene.editing && columnWidth >= GRID_FROM) {
    drawGrid(context, places(scene.onImage));
  }
  context.restore();

  // Outlines reach half a line beyond the image, so that they are seen at its edge.
  strokeBorder(context, scene, scene.patches, place, [DARK, 4], [line, 2]);
  strokeBorder(context, scene, scene.reach, place, [DARK, 3], [BRIGHT, 1]);
  if (scene.cursor) {
    strokeRectangle(context, place(scene.cursor));
  }
  if (scene.frame) {
    context.setLineDash([5, 4]);
    strokeRectangle(context, snapped(rectangleToPane(transform, scene.frame)));
    context.setLineDash([]);
  }
}

/** On whole pixels, so that neighbours share their edge exactly and lines stay thin. */
function snapped({ x, y, width, height }: Rectangle): Rectangle {
  const left = Math.round(x);
  const top = Math.round(y);
  return {
    x: left,
    y: top,
    width: Math.round(x + width) - left,
    height: Math.round(y + height) - top,
  };
}

function tracePatches(context: Context, places: readonly Rectangle[]): void {
  context.beginPath();
  for (const { x, y, width, height } of places) {
    context.rect(x, y, width, height);
  }
}

/** Darker, with thin diagonals that stay in place on the image while it is moved. */
function hatch(context: Context, places: readonly Rectangle[], shown: Rectangle): void {
  context.save();
  tracePatches(context, places);
  context.fillStyle = "rgb(0 0 0 / 0.5)";
  context.fill();
  context.clip();
  const top = Math.min(...places.map(({ y }) => y));
  const bottom = Math.max(...places.map(({ y, height }) => y + height));
  const left = Math.min(...places.map(({ x }) => x));
  const right = Math.max(...places.map(({ x, width }) => x + width));
  // Diagonals x + y = constant; the first one begins at the image's corner, off the screen or not.
  const origin = shown.x + shown.y;
  const first = origin + Math.floor((left + top - origin) / HATCH_SPACING) * HATCH_SPACING;
  context.beginPath();
  for (let sum = first; sum <= right + bottom; sum += HATCH_SPACING) {
    context.moveTo(sum - top, top);
    context.lineTo(sum - bottom, bottom);
  }
  context.strokeStyle = "rgb(255 255 255 / 0.3)";
  context.lineWidth = 1;
  context.stroke();
  context.restore();
}

/** Faint, and on bright ground as well as on dark. */
function drawGrid(context: Context, places: readonly Rectangle[]): void {
  context.lineWidth = 1;
  for (const [color, offset] of [
    ["rgb(0 0 0 / 0.18)", 0.5],
    ["rgb(255 255 255 / 0.12)", -0.5],
  ] as const) {
    context.beginPath();
    for (const { x, y, height, width } of places) {
      context.moveTo(x + offset, y + height);
      context.lineTo(x + offset, y + offset);
      context.lineTo(x + width, y + offset);
    }
    context.strokeStyle = color;
    context.stroke();
  }
}

/** The border of a set of patches, not of each of them. */
function strokeBorder(
  context: Context,
  { grid }: PaintScene,
  patches: PatchSet,
  place: (cell: PatchCell) => Rectangle,
  ...strokes: (readonly [color: string, width: number])[]
): void {
  if (patches.size === 0) {
    return;
  }
  const has = (row: number, column: number) => {
    const patch = patchOf(grid, { row, column });
    return patch !== null && patches.has(patch);
  };
  context.beginPath();
  for (const patch of patches) {
    const { row, column } = cellOf(grid, patch);
    const { x, y, width, height } = place({ row, column });
    const edges = [
      [has(row - 1, column), x, y, x + width, y],
      [has(row, column + 1), x + width, y, x + width, y + height],
      [has(row + 1, column), x + width, y + height, x, y + height],
      [has(row, column - 1), x, y + height, x, y],
    ] as const;
    for (const [shared, fromX, fromY, toX, toY] of edges) {
      if (!shared) {
        context.moveTo(fromX, fromY);
        context.lineTo(toX, toY);
      }
    }
  }
  context.lineCap = "square";
  for (const [color, width] of strokes) {
    context.strokeStyle = color;
    context.lineWidth = width;
    context.stroke();
  }
}

function strokeRectangle(context: Context, { x, y, width, height }: Rectangle): void {
  for (const [color, line] of [
    [DARK, 4],
    [BRIGHT, 2],
  ] as const) {
    context.strokeStyle = color;
    context.lineWidth = line;
    context.strokeRect(x, y, width, height);
  }
}
