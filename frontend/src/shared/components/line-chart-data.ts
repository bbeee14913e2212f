/** What a line chart shows, without drawing: points of several lines on common positions, and their marks. */

export interface ChartPoint {
  x: number;
  /** Null where nothing was measured. */
  y: number | null;
}

export interface ChartSeries {
  /** Stays the same from one rendering to the next. */
  key: string;
  label: string;
  points: readonly ChartPoint[];
  /** Which colour and mark, from 0; what belongs together in several charts takes the same. Default: its place. */
  tone?: number;
  /** Of something else than what the chart is about, such as the parent model. */
  dashed?: boolean;
}

/** One value that holds everywhere, as a dashed line across. */
export interface ChartReference {
  key: string;
  label: string;
  value: number;
  tone?: number;
}

export type Shape = "circle" | "square" | "triangle" | "diamond" | "cross" | "plus";

interface Tone {
  colour: string;
  shape: Shape;
}

/** Told apart by shape as well as by colour; blue and orange first (see app/styles.css). */
const TONES: readonly [Tone, ...Tone[]] = [
  { colour: "#8fb4d6", shape: "circle" },
  { colour: "#d99a62", shape: "square" },
  { colour: "#79b393", shape: "triangle" },
  { colour: "#c79bd0", shape: "diamond" },
  { colour: "#e0c060", shape: "cross" },
  { colour: "#b6babf", shape: "plus" },
];

export function toneOf({ tone }: { tone?: number }, place: number): Tone {
  return TONES[(tone ?? place) % TONES.length] ?? TONES[0];
}

export interface JoinedPoints {
  /** Every position that any line has, ascending. */
  xs: number[];
  /** For each line one value per position; null where it has none. */
  columns: (number | null)[][];
}

export function joinPoints(series: readonly ChartSeries[]): JoinedPoints {
  const all = new Set(series.flatMap(({ points }) => points.map(({ x }) => x)));
  const xs = [...all].sort((a, b) => a - b);
  const columns = series.map(({ points }) => {
    const values = new Map(points.map(({ x, y }) => [x, y]));
    return xs.map((x) => values.get(x) ?? null);
  });
  return { xs, columns };
}

/** Lowest and highest of everything shown, with some air; a flat line gets a scale around it. */
export function valueRange(
  values: readonly (number | null)[],
  fixed: readonly [number, number] | undefined,
): [number, number] {
  if (fixed) {
    return [fixed[0], fixed[1]];
  }
  const known = values.filter((value): value is number => value !== null);
  if (known.length === 0) {
    return [0, 1];
  }
  const low = Math.min(...known);
  const high = Math.max(...known);
  const air = high > low ? 0.06 * (high - low) : Math.max(Math.abs(high) * 0.05, 0.01);
  // Losses and ranks are never negative: air must not suggest that they could be.
  return [low >= 0 ? Math.max(0, low - air) : low - air, high + air];
}

/** The place to read next; arrows go one by one, Home and End to the ends. Null: the key means nothing here. */
export function nextPlace(key: string, place: number, count: number): number | null {
  const steps: Record<string, number> = {
    ArrowLeft: place - 1,
    ArrowDown: place - 1,
    ArrowRight: place + 1,
    ArrowUp: place + 1,
    PageDown: place - 10,
    PageUp: place + 10,
    Home: 0,
    End: count - 1,
  };
  const next = steps[key];
  return next === undefined || count === 0 ? null : Math.min(count - 1, Math.max(0, next));
}
