/**
 * Edits in an address. Version 1, edits separated by `*`, options, classes and groups by their place in the model:
 *
 *   s4_-1.25  set option 4      o4  make option 4 present      c4_0  as in class 0      m4  unknown
 *   r1_i_…    region of group 1, inside or outside; patches as bits in hexadecimal, the first patch first
 */

import type { Bench } from "./bench";
import { type Edits, isEmpty, type RegionEdit, type ScoreEdit } from "./edits";
import { isScore } from "./score-scale";

const VERSION = "1";

/** Null where there is nothing to say. */
export function encodeEdits(bench: Bench, edits: Edits): string | null {
  if (isEmpty(edits)) {
    return null;
  }
  const parts = [
    ...edits.regions.map((region) => encodeRegion(bench, region)),
    ...edits.scores.map((edit) => encodeScore(bench, edit)),
  ];
  return [VERSION, ...parts].join("*");
}

function encodeScore(bench: Bench, edit: ScoreEdit): string {
  const column = bench.columnOf.get(edit.optionId);
  switch (edit.operation) {
    case "set":
      return `s${column}_${edit.value}`;
    case "option":
      return `o${column}`;
    case "class_mean":
      return `c${column}_${bench.classes.findIndex(({ key }) => key === edit.referenceClass)}`;
    case "mean":
      return `m${column}`;
  }
}

function encodeRegion(bench: Bench, { groupKey, keep, patches }: RegionEdit): string {
  const group = bench.groups.findIndex(({ key }) => key === groupKey);
  return `r${group}_${keep === "inside" ? "i" : "o"}_${encodePatches(patches, patchCount(bench))}`;
}

/** Reads what `encodeEdits` wrote; `ignored` counts the parts that mean nothing for this model. */
export function decodeEdits(bench: Bench, text: string): { edits: Edits; ignored: number } {
  const [version, ...parts] = text.split("*");
  if (version !== VERSION) {
    return { edits: { regions: [], scores: [] }, ignored: Math.max(1, parts.length) };
  }
  const regions: RegionEdit[] = [];
  const scores: ScoreEdit[] = [];
  let ignored = 0;
  for (const part of parts) {
    const region = part.startsWith("r") ? decodeRegion(bench, part) : null;
    const score = region ? null : decodeScore(bench, part);
    if (region && !regions.some(({ groupKey }) => groupKey === region.groupKey)) {
      regions.push(region);
    } else if (score) {
      scores.push(score);
    } else {
      ignored += 1;
    }
  }
  return { edits: { regions, scores }, ignored };
}

function decodeScore(bench: Bench, part: string): ScoreEdit | null {
  const [, kind, place, rest] = /^([socm])(\d+)(?:_(.+))?$/.exec(part) ?? [];
  const optionId = bench.options[Number(place)]?.id;
  if (!kind || !optionId) {
    return null;
  }
  if (kind === "s") {
    const value = Number(rest ?? Number.NaN);
    return isScore(value) ? { operation: "set", optionId, value } : null;
  }
  if (kind === "c") {
    const referenceClass = bench.classes[Number(rest ?? Number.NaN)]?.key;
    return referenceClass && bench.head.class_means[referenceClass]
      ? { operation: "class_mean", optionId, referenceClass }
      : null;
  }
  return rest === undefined ? { operation: kind === "o" ? "option" : "mean", optionId } : null;
}

function decodeRegion(bench: Bench, part: string): RegionEdit | null {
  const [, place, keep, bits] = /^r(\d+)_([io])_([0-9a-f]+)$/.exec(part) ?? [];
  const group = bench.groups[Number(place)];
  const patches = bits ? decodePatches(bits, patchCount(bench)) : null;
  return group && patches && patches.length > 0 && bench.head.supports_regions
    ? { groupKey: group.key, keep: keep === "i" ? "inside" : "outside", patches }
    : null;
}

function patchCount({ grid: [rows, columns] }: Bench): number {
  return rows * columns;
}

function encodePatches(patches: readonly number[], count: number): string {
  const digits = new Array<number>(Math.ceil(count / 4)).fill(0);
  for (const patch of patches) {
    const at = Math.floor(patch / 4);
    digits[at] = (digits[at] ?? 0) | (8 >> (patch % 4));
  }
  return digits.map((digit) => digit.toString(16)).join("");
}

/** Null if the bits are not those of this grid. */
function decodePatches(bits: string, count: number): number[] | null {
  if (bits.length !== Math.ceil(count / 4)) {
    return null;
  }
  const patches = [...bits].flatMap((digit, at) =>
    [0, 1, 2, 3].flatMap((bit) => (Number.parseInt(digit, 16) & (8 >> bit) ? [4 * at + bit] : [])),
  );
  return patches.every((patch) => patch < count) ? patches : null;
}
