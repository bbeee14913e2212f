/**
 * The decision after edits, as the server computes it:
 *
 *   logits' = stored logits + W · (scores' − stored scores),   probabilities' = softmax(logits')
 *
 * so that no edit gives exactly the stored prediction.
 */

import { type Bench, type BenchGroup, groupOfOption, presentColumn, scoreAt } from "./bench";
import type { ScoreEdit } from "./edits";

export interface Decision {
  logits: readonly number[];
  probabilities: readonly number[];
  /** Index of the class. */
  predicted: number;
}

export function softmax(logits: readonly number[]): number[] {
  const largest = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - largest));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

/** Scores (O,) after score edits, one after the other, beginning with `base`. */
export function applyEdits(
  bench: Bench,
  base: readonly number[],
  edits: readonly ScoreEdit[],
): number[] {
  const scores = [...base];
  for (const edit of edits) {
    applyOne(bench, scores, edit);
  }
  return scores;
}

function applyOne(bench: Bench, scores: number[], edit: ScoreEdit): void {
  const group = groupOfOption(bench, edit.optionId);
  const column = bench.columnOf.get(edit.optionId);
  if (!group || column === undefined) {
    return;
  }
  switch (edit.operation) {
    case "set":
      scores[column] = edit.value;
      break;
    case "option":
      makePresent(bench, scores, group, column);
      break;
    case "class_mean":
      replaceGroup(scores, group, bench.head.class_means[edit.referenceClass]?.slice(group.start));
      break;
    case "mean":
      replaceGroup(scores, group, bench.head.means.slice(group.start));
      break;
  }
}

/** `values` begin with the group's first column; nothing happens where none were measured. */
function replaceGroup(scores: number[], group: BenchGroup, values: number[] | undefined): void {
  for (let at = 0; values && at < group.options.length; at++) {
    scores[group.start + at] = values[at] as number;
  }
}

function makePresent(bench: Bench, scores: number[], group: BenchGroup, column: number): void {
  const option = bench.options[column];
  if (!option) {
    return;
  }
  if (group.options.length === 1) {
    scores[column] = presentColumn(group, scores) === null ? option.high : option.low;
    return;
  }
  const typical = bench.head.option_means[option.id];
  const present = presentColumn(group, scores);
  if (typical) {
    replaceGroup(scores, group, typical);
  } else if (present !== null && present !== column) {
    const before = scoreAt(scores, column);
    scores[column] = clip(scoreAt(scores, present), option.low, option.high);
    const replaced = bench.options[present];
    scores[present] = replaced ? clip(before, replaced.low, replaced.high) : before;
  }
  const most = scoreAt(scores, column);
  for (let at = group.start; at < group.stop; at++) {
    scores[at] = Math.min(scoreAt(scores, at), most);
  }
}

function clip(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

/** The decision for scores (O,). */
export function decide(bench: Bench, scores: readonly number[]): Decision {
  const changed = bench.scores.flatMap((stored, column) =>
    scoreAt(scores, column) === stored ? [] : [column],
  );
  if (changed.length === 0) {
    return bench;
  }
  const logits = bench.logits.map((stored, at) => {
    const row = bench.head.weight[at] ?? [];
    return changed.reduce(
      (sum, column) =>
        sum + scoreAt(row, column) * (scoreAt(scores, column) - scoreAt(bench.scores, column)),
      stored,
    );
  });
  return { logits, probabilities: softmax(logits), predicted: logits.indexOf(Math.max(...logits)) };
}
