/** The drawn part of a line chart: uPlot on a canvas, in this interface's colours. */

import uPlot from "uplot";
import {
  type ChartReference,
  type ChartSeries,
  type JoinedPoints,
  type Shape,
  toneOf,
  valueRange,
} from "./line-chart-data";

export interface PlotSettings {
  series: readonly ChartSeries[];
  references: readonly ChartReference[];
  hidden: ReadonlySet<string>;
  xLabel: string;
  /** Where the horizontal scale begins and ends at least. */
  xRange: readonly [number, number] | undefined;
  yRange: readonly [number, number] | undefined;
  width: number;
  height: number;
  /** The pointer is over a position, or has left. */
  onPlace: (place: number | null) => void;
}

const FONT = '11px "IBM Plex Sans Variable", "IBM Plex Sans", system-ui, sans-serif';
const TEXT = "#9ba0a6";
const GRID = "#1d1f22";
const FRAME = "#3a3d42";
const GROUND = "#0f1011";
const LINE_DASH = [6, 4];
const REFERENCE_DASH = [2, 4];
const WHOLE_STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500];
/** With more points than this only some carry their mark. */
const MOST_MARKS = 24;

/** Whether there is a canvas to draw on; the table and the values are there without one. */
export function canDraw(): boolean {
  return document.createElement("canvas").getContext("2d") !== null;
}

export function createPlot(target: HTMLElement, settings: PlotSettings, data: JoinedPoints): uPlot {
  const { width, height, onPlace } = settings;
  const plot = new uPlot(
    {
      width,
      height,
      padding: [8, 12, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false, setScale: false } },
      scales: {
        x: { time: false, range: (_, low, high) => wideX(low, high, settings.xRange) },
        y: { range: (self) => rangeOf(self, settings) },
      },
      axes: axesOf(settings.xLabel),
      series: [{}, ...settings.series.map((entry, place) => lineOf(entry, place, settings.hidden))],
      hooks: {
        setCursor: [(self) => onPlace(self.cursor.idx ?? null)],
        draw: [(self) => drawReferences(self, settings)],
        drawSeries: [(self, index) => drawMarks(self, index, settings.series)],
      },
    },
    aligned(data),
    target,
  );
  return plot;
}

export function aligned({ xs, columns }: JoinedPoints): uPlot.AlignedData {
  return [xs, ...columns];
}

/** Shows the line of the cursor at a position that the keyboard has chosen. */
export function showPlace(plot: uPlot, place: number | null): void {
  const x = place === null ? undefined : plot.data[0][place];
  const left = x === undefined ? -10 : plot.valToPos(x, "x");
  plot.setCursor({ left, top: x === undefined ? -10 : 1 }, false);
}

function lineOf(entry: ChartSeries, place: number, hidden: ReadonlySet<string>): uPlot.Series {
  const { colour } = toneOf(entry, place);
  return {
    label: entry.label,
    show: !hidden.has(entry.key),
    stroke: colour,
    width: entry.dashed ? 1.25 : 1.75,
    spanGaps: true,
    points: { show: false },
    ...(entry.dashed && { dash: LINE_DASH }),
  };
}

function axesOf(xLabel: string): uPlot.Axis[] {
  const common: uPlot.Axis = {
    font: FONT,
    labelFont: FONT,
    stroke: TEXT,
    grid: { stroke: GRID, width: 1 },
    ticks: { stroke: FRAME, width: 1, size: 4 },
    border: { show: true, stroke: FRAME, width: 1 },
    gap: 4,
  };
  return [
    { ...common, label: xLabel, labelSize: 16, labelGap: 0, size: 24, incrs: WHOLE_STEPS },
    {
      ...common,
      size: 48,
      space: 28,
      values: (_self, splits, _axis, _space, step) => splits.map((value) => tickText(value, step)),
    },
  ];
}

function tickText(value: number, step: number): string {
  const digits = Math.min(6, Math.max(0, Math.ceil(-Math.log10(step) - 1e-9)));
  return value.toFixed(digits).replace("-", "−");
}

function wideX(
  low: number,
  high: number,
  least: readonly [number, number] | undefined,
): [number, number] {
  const begin = Math.min(low ?? Number.POSITIVE_INFINITY, least?.[0] ?? Number.POSITIVE_INFINITY);
  const end = Math.max(high ?? Number.NEGATIVE_INFINITY, least?.[1] ?? Number.NEGATIVE_INFINITY);
  if (!Number.isFinite(begin) || !Number.isFinite(end)) {
    return [0, 1];
  }
  return end > begin ? [begin, end] : [begin - 1, end + 1];
}

function rangeOf(plot: uPlot, { references, hidden, yRange }: PlotSettings): [number, number] {
  const shown = plot.data
    .slice(1)
    .filter((_, place) => plot.series[place + 1]?.show)
    .flatMap((column) => [...column] as (number | null)[]);
  const across = references.filter(({ key }) => !hidden.has(key)).map(({ value }) => value);
  return valueRange([...shown, ...across], yRange);
}

function drawReferences(plot: uPlot, { references, hidden, series }: PlotSettings): void {
  const { ctx, bbox } = plot;
  ctx.save();
  for (const [place, reference] of references.entries()) {
    if (hidden.has(reference.key)) {
      continue;
    }
    const y = Math.round(plot.valToPos(reference.value, "y", true)) + 0.5;
    ctx.beginPath();
    ctx.setLineDash(REFERENCE_DASH.map((length) => length * uPlot.pxRatio));
    ctx.lineWidth = 1.5 * uPlot.pxRatio;
    ctx.strokeStyle = toneOf(reference, series.length + place).colour;
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
  }
  ctx.restore();
}

function drawMarks(plot: uPlot, index: number, series: readonly ChartSeries[]): void {
  const entry = series[index - 1];
  const column = plot.data[index];
  if (!entry || !column || !plot.series[index]?.show) {
    return;
  }
  const { colour, shape } = toneOf(entry, index - 1);
  const { ctx } = plot;
  const every = Math.max(1, Math.ceil(column.length / MOST_MARKS));
  ctx.save();
  ctx.setLineDash([]);
  // Hollow on dashed lines, so that they differ where the dashes cannot be seen.
  ctx.fillStyle = entry.dashed ? GROUND : colour;
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1.25 * uPlot.pxRatio;
  for (const [place, x] of [...plot.data[0]].entries()) {
    const y = column[place];
    if (y === null || y === undefined || place % every !== 0) {
      continue;
    }
    ctx.beginPath();
    trace(ctx, shape, plot.valToPos(x, "x", true), plot.valToPos(y, "y", true), 3 * uPlot.pxRatio);
    ctx.fill();
    ctx.stroke();
  }
  ctx.restore();
}

function trace(context: CanvasRenderingContext2D, shape: Shape, x: number, y: number, r: number) {
  if (shape === "circle") {
    context.arc(x, y, r, 0, 2 * Math.PI);
    return;
  }
  if (shape === "square") {
    context.rect(x - 0.9 * r, y - 0.9 * r, 1.8 * r, 1.8 * r);
    return;
  }
  for (const stroke of STROKES[shape]) {
    for (const [at, [dx, dy]] of stroke.entries()) {
      context[at === 0 ? "moveTo" : "lineTo"](x + dx * r, y + dy * r);
    }
  }
  if (shape === "triangle" || shape === "diamond") {
    context.closePath();
  }
}

type Corner = readonly [number, number];

const STROKES: Record<Exclude<Shape, "circle" | "square">, readonly (readonly Corner[])[]> = {
  triangle: [
    [
      [0, -1.2],
      [1.1, 0.9],
      [-1.1, 0.9],
    ],
  ],
  diamond: [
    [
      [0, -1.3],
      [1.3, 0],
      [0, 1.3],
      [-1.3, 0],
    ],
  ],
  cross: [
    [
      [-1, -1],
      [1, 1],
    ],
    [
      [-1, 1],
      [1, -1],
    ],
  ],
  plus: [
    [
      [0, -1.2],
      [0, 1.2],
    ],
    [
      [-1.2, 0],
      [1.2, 0],
    ],
  ],
};
