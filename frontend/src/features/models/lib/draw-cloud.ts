/** Draws a cloud of tokens and codes on a 2D canvas. */

import type { Embedding } from "../../../shared/api/types";
import {
  frameOf,
  normalized,
  type Place,
  type Projected,
  project,
  turned,
  type View,
} from "./projection";

export interface Cloud {
  tokens: Place[];
  codes: Place[];
  codesOf: readonly number[];
}

export function cloudOf(embedding: Embedding): Cloud {
  const frame = frameOf(embedding.places);
  return {
    tokens: normalized(embedding.places, frame),
    codes: normalized(embedding.codes, frame),
    codesOf: embedding.codes_of,
  };
}

export interface Scene {
  cloud: Cloud;
  view: View;
  /** Codes whose tokens are not drawn. */
  hidden: ReadonlySet<number>;
  /** The token that is pointed at. */
  chosen: number | null;
  colorOf: (code: number) => string;
  /** Names of the axes. */
  axes: readonly [string, string, string];
  width: number;
  height: number;
}

/** Where the tokens lie; null for those that are not drawn. */
export function projectTokens({
  cloud,
  hidden,
  view,
  width,
  height,
}: Pick<Scene, "cloud" | "hidden" | "view" | "width" | "height">): (Projected | null)[] {
  return cloud.tokens.map((place, at) =>
    hidden.has(cloud.codesOf[at] as number) ? null : project(place, view, width, height),
  );
}

export function drawCloud(context: CanvasRenderingContext2D, scene: Scene): void {
  const { cloud, view, hidden, chosen, width, height } = scene;
  context.clearRect(0, 0, width, height);
  const points = projectTokens(scene);
  const order = points
    .map((_, at) => at)
    .filter((at) => points[at])
    .sort((a, b) => (points[a]?.depth ?? 0) - (points[b]?.depth ?? 0));
  for (const at of order) {
    const point = points[at] as Projected;
    context.globalAlpha = 0.35 + 0.5 * Math.min(1, Math.max(0, (point.depth + 1) / 2));
    context.fillStyle = scene.colorOf(cloud.codesOf[at] as number);
    context.beginPath();
    context.arc(point.x, point.y, 2.2 * point.scale, 0, 2 * Math.PI);
    context.fill();
  }
  context.globalAlpha = 1;
  const codes = cloud.codes
    .map((place, code) => ({ code, point: project(place, view, width, height) }))
    .filter(({ code }) => !hidden.has(code))
    .sort((a, b) => a.point.depth - b.point.depth);
  for (const { code, point } of codes) {
    drawCode(context, point, code, scene.colorOf(code));
  }
  const point = chosen === null ? null : points[chosen];
  if (point) {
    context.strokeStyle = "#f1f2f3";
    context.lineWidth = 2;
    context.beginPath();
    context.arc(point.x, point.y, 7, 0, 2 * Math.PI);
    context.stroke();
  }
  drawAxes(context, scene);
}

/** A diamond with the code's number, so that colour is not needed to tell it. */
function drawCode(
  context: CanvasRenderingContext2D,
  { x, y }: Projected,
  code: number,
  color: string,
): void {
  const size = 11;
  context.fillStyle = "#0a0a0b";
  context.strokeStyle = color;
  context.lineWidth = 2.5;
  context.beginPath();
  context.moveTo(x, y - size);
  context.lineTo(x + size, y);
  context.lineTo(x, y + size);
  context.lineTo(x - size, y);
  context.closePath();
  context.fill();
  context.stroke();
  context.fillStyle = "#f1f2f3";
  context.font = "600 11px system-ui, sans-serif";
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(String(code), x, y + 0.5);
}

/** Small, in a corner: which way the axes point now. */
function drawAxes(context: CanvasRenderingContext2D, { view, axes, height }: Scene): void {
  const [left, bottom, length] = [44, height - 44, 26];
  const ends: Place[] = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ];
  context.strokeStyle = "#858b92";
  context.fillStyle = "#9ba0a6";
  context.lineWidth = 1;
  context.font = "11px system-ui, sans-serif";
  context.textAlign = "center";
  context.textBaseline = "middle";
  ends.forEach((end, at) => {
    const [x, y] = turned(end, view);
    context.beginPath();
    context.moveTo(left, bottom);
    context.lineTo(left + length * x, bottom - length * y);
    context.stroke();
    context.fillText(axes[at] as string, left + (length + 11) * x, bottom - (length + 11) * y);
  });
}
