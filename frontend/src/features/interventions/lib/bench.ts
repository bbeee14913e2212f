/**
 * One prediction and its model's linear head, laid out for recomputing: options in the order of the score columns.
 *
 * K groups, O options, C classes. Everything is float64.
 */

import type { ModelHead, Prediction } from "../../../shared/api/types";

export interface BenchOption {
  /** Column of the scores. */
  index: number;
  id: string;
  text: string;
  group: number;
  /** What validation saw: 1st and 99th percentile of the score. */
  low: number;
  high: number;
}

export interface BenchGroup {
  index: number;
  key: string;
  name: string;
  localizable: boolean;
  /** Its columns: `start` to `stop` − 1. */
  start: number;
  stop: number;
  options: BenchOption[];
}

export interface Bench {
  predictionId: string;
  head: ModelHead;
  groups: BenchGroup[];
  options: BenchOption[];
  columnOf: ReadonlyMap<string, number>;
  classes: { key: string; name: string }[];
  /** As stored: (O,), (C,), (C,), and the index of the predicted class. */
  scores: number[];
  logits: number[];
  probabilities: number[];
  predicted: number;
  /** Patches of the region edits' grid: rows, columns. */
  grid: readonly [rows: number, columns: number];
}

/** Null if head and prediction are not of one model: nothing may be recomputed from such a pair. */
export function makeBench(prediction: Prediction, head: ModelHead): Bench | null {
  const options: BenchOption[] = [];
  const groups = head.groups.map((group, index): BenchGroup => {
    const start = options.length;
    const own = group.options.map(({ id, text }, at): BenchOption => {
      const [low, high] = head.ranges[start + at] ?? [0, 0];
      return { index: start + at, id, text, group: index, low, high };
    });
    options.push(...own);
    const { key, name, localizable } = group;
    return { index, key, name, localizable, start, stop: options.length, options: own };
  });
  const stored = new Map(
    prediction.groups.flatMap((group) => group.options.map(({ id, score }) => [id, score])),
  );
  const outcomes = new Map(prediction.classes.map((entry) => [entry.key, entry]));
  const scores = options.map(({ id }) => stored.get(id) ?? Number.NaN);
  const logits = head.classes.map(({ key }) => outcomes.get(key)?.logit ?? Number.NaN);
  const probabilities = head.classes.map(({ key }) => outcomes.get(key)?.probability ?? Number.NaN);
  const [rows = 0, columns = 0] = prediction.grid;
  const fits =
    head.model_version_id === prediction.model_version_id &&
    stored.size === options.length &&
    outcomes.size === head.classes.length &&
    head.weight.length === head.classes.length &&
    head.weight.every((row) => row.length === options.length) &&
    [...scores, ...logits, ...probabilities].every(Number.isFinite);
  return fits
    ? {
        predictionId: prediction.id,
        head,
        groups,
        options,
        columnOf: new Map(options.map(({ id, index }) => [id, index])),
        classes: head.classes,
        scores,
        logits,
        probabilities,
        predicted: head.classes.findIndex(({ key }) => key === prediction.predicted_class),
        grid: [rows, columns],
      }
    : null;
}

export function groupOfOption(bench: Bench, optionId: string): BenchGroup | null {
  const column = bench.columnOf.get(optionId);
  const option = column === undefined ? undefined : bench.options[column];
  return option ? (bench.groups[option.group] ?? null) : null;
}

/** Column of a group's largest score, the first of equal ones; of a single option: from one half on, as `presentOption`. */
export function presentColumn(group: BenchGroup, scores: readonly number[]): number | null {
  const [only] = group.options;
  if (group.options.length === 1 && only) {
    return scoreAt(scores, only.index) >= 0 ? only.index : null;
  }
  let best = group.start;
  for (let column = group.start + 1; column < group.stop; column++) {
    if (scoreAt(scores, column) > scoreAt(scores, best)) {
      best = column;
    }
  }
  return group.options.length > 0 ? best : null;
}

export function scoreAt(scores: readonly number[], column: number): number {
  return scores[column] as number;
}

/** Whether a score lies where validation saw this option's scores. */
export function isSeen(option: BenchOption, score: number): boolean {
  return score >= option.low && score <= option.high;
}
