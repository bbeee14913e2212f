/** What is known of an image's size and direction, and what is measured on it. Bright inside dark: seen on any ground. */

import type { Orientation, Spacing } from "../../../shared/api/types";
import { scaleBar } from "../../../shared/imaging/measure";
import {
  across,
  type Point,
  type Size,
  type Transform,
  toPane,
} from "../../../shared/imaging/transform";
import type { RulerScene } from "./ruler";

export interface Marks {
  spacing: Spacing | null;
  orientation: Orientation | null;
}

const FONT = '600 12px "IBM Plex Sans Variable", sans-serif';
const LETTER_FONT = '600 15px "IBM Plex Sans Variable", sans-serif';
const DARK = "rgb(0 0 0 / 0.8)";
const BRIGHT = "rgb(255 255 255 / 0.95)";
const EDGE = 12;
/** The scale bar takes no more of the pane's width. */
const BAR_SHARE = 0.3;
const LONGEST_BAR = 240;
const TICK = 5;
/** CSS pixels. */
const NARROW_PANE = 560;

export function drawMarks(
  context: CanvasRenderingContext2D,
  { spacing, orientation }: Marks,
  transform: Transform,
  pane: Size,
): void {
  if (spacing) {
    drawScaleBar(context, spacing, transform, pane);
  }
  if (orientation) {
    drawOrientation(context, orientation, pane);
  }
}

function drawScaleBar(
  context: CanvasRenderingContext2D,
  spacing: Spacing,
  transform: Transform,
  pane: Size,
): void {
  const bar = scaleBar(spacing, across(transform), Math.min(LONGEST_BAR, BAR_SHARE * pane.width));
  if (!bar) {
    return;
  }
  const left = pane.width - EDGE - bar.length;
  const right = pane.width - EDGE;
  const y = pane.height - EDGE - TICK;
  strokeTwice(context, [
    [
      { x: left, y: y - TICK },
      { x: left, y },
      { x: right, y },
      { x: right, y: y - TICK },
    ],
  ]);
  writeText(context, bar.label, { x: right, y: y - 2 * TICK }, FONT, "right");
}

function drawOrientation(
  context: CanvasRenderingContext2D,
  { left, right, top, bottom }: Orientation,
  { width, height }: Size,
): void {
  const middle = { x: width / 2, y: height / 2 };
  writeText(context, left, { x: EDGE, y: middle.y }, LETTER_FONT, "left");
  writeText(context, right, { x: width - EDGE, y: middle.y }, LETTER_FONT, "right");
  // In a narrow pane the labels at its top reach to the middle: then below them.
  const below = width < NARROW_PANE ? 5 * EDGE : 2 * EDGE;
  writeText(context, top, { x: middle.x, y: below }, LETTER_FONT, "center");
  writeText(context, bottom, { x: middle.x, y: height - EDGE }, LETTER_FONT, "center");
}

/** The line with a tick at each end. What it measures is written beside the image. */
export function drawRuler(
  context: CanvasRenderingContext2D,
  { from, to }: RulerScene,
  transform: Transform,
): void {
  const start = toPane(transform, from);
  const end = toPane(transform, to);
  const length = Math.hypot(end.x - start.x, end.y - start.y) || 1;
  const aside = {
    x: (-TICK * (end.y - start.y)) / length,
    y: (TICK * (end.x - start.x)) / length,
  };
  const tick = (at: Point): Point[] => [
    { x: at.x - aside.x, y: at.y - aside.y },
    { x: at.x + aside.x, y: at.y + aside.y },
  ];
  strokeTwice(context, [[start, end], tick(start), tick(end)]);
}

function strokeTwice(context: CanvasRenderingContext2D, lines: readonly Point[][]): void {
  for (const [color, width] of [
    [DARK, 4],
    [BRIGHT, 1.5],
  ] as const) {
    context.strokeStyle = color;
    context.lineWidth = width;
    context.beginPath();
    for (const [first, ...rest] of lines) {
      if (first) {
        context.moveTo(first.x, first.y);
      }
      for (const { x, y } of rest) {
        context.lineTo(x, y);
      }
    }
    context.stroke();
  }
}

function writeText(
  context: CanvasRenderingContext2D,
  text: string,
  { x, y }: Point,
  font: string,
  align: CanvasTextAlign,
): void {
  context.font = font;
  context.textAlign = align;
  context.textBaseline = "alphabetic";
  context.lineWidth = 3;
  context.strokeStyle = DARK;
  context.strokeText(text, x, y);
  context.fillStyle = BRIGHT;
  context.fillText(text, x, y);
}
