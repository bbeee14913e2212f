/**
 * Edits of one prediction: regions, which act first and are computed by the server, and score edits, one after the
 * other, computed here. The list is kept as short as it can be without changing what it does.
 */

import type { EditCreate, EditRead, Keep } from "../../../shared/api/types";
import type { Bench } from "./bench";
import { groupOfOption } from "./bench";

export interface SetEdit {
  operation: "set";
  optionId: string;
  value: number;
}

export interface OptionEdit {
  operation: "option";
  optionId: string;
}

export interface ClassMeanEdit {
  operation: "class_mean";
  /** Any option of the group. */
  optionId: string;
  referenceClass: string;
}

export interface MeanEdit {
  operation: "mean";
  optionId: string;
}

export type ScoreEdit = SetEdit | OptionEdit | ClassMeanEdit | MeanEdit;

export interface RegionEdit {
  groupKey: string;
  keep: Keep;
  /** Row-major, ascending, never empty. */
  patches: readonly number[];
}

export interface Edits {
  regions: readonly RegionEdit[];
  scores: readonly ScoreEdit[];
}

export const NO_EDITS: Edits = { regions: [], scores: [] };

export function isEmpty(edits: Edits): boolean {
  return edits.regions.length === 0 && edits.scores.length === 0;
}

/** Adds a score edit, and lets go of earlier ones that it leaves without effect. */
export function addScoreEdit(bench: Bench, edits: Edits, edit: ScoreEdit): Edits {
  const group = groupOfOption(bench, edit.optionId);
  if (!group) {
    return edits;
  }
  const isOwn = (other: ScoreEdit) => groupOfOption(bench, other.optionId) === group;
  if (edit.operation === "set") {
    return { ...edits, scores: withSet(edits.scores, edit, isOwn) };
  }
  const own = edits.scores.filter(isOwn);
  if (edit.operation === "option" && group.options.length === 1) {
    // A switch turns what is there now, so that earlier edits count; switched twice is not switched.
    const last = own.at(-1);
    return last?.operation === "option"
      ? { ...edits, scores: edits.scores.filter((other) => other !== last) }
      : { ...edits, scores: [...edits.scores, edit] };
  }
  return { ...edits, scores: [...edits.scores.filter((other) => !isOwn(other)), edit] };
}

function withSet(
  scores: readonly ScoreEdit[],
  edit: SetEdit,
  isOwn: (other: ScoreEdit) => boolean,
): ScoreEdit[] {
  // Values of different options do not touch each other; only an edit of the whole group comes between.
  const whole = scores.findLastIndex((other) => isOwn(other) && other.operation !== "set");
  const older = scores.findLastIndex(
    (other) => other.operation === "set" && other.optionId === edit.optionId,
  );
  return older > whole
    ? scores.map((other, at) => (at === older ? edit : other))
    : [...scores, edit];
}

/** Takes back the values set for one option; what was done to its whole group stays. */
export function resetOption(edits: Edits, optionId: string): Edits {
  const scores = edits.scores.filter(
    (edit) => edit.operation !== "set" || edit.optionId !== optionId,
  );
  return scores.length === edits.scores.length ? edits : { ...edits, scores };
}

/** Takes back all score edits of a group; its region stays. */
export function resetGroup(bench: Bench, edits: Edits, groupKey: string): Edits {
  const scores = edits.scores.filter(
    ({ optionId }) => groupOfOption(bench, optionId)?.key !== groupKey,
  );
  return scores.length === edits.scores.length ? edits : { ...edits, scores };
}

/** A group's region anew; without a patch there is none. Regions stay in the order of the groups. */
export function setRegion(
  bench: Bench,
  edits: Edits,
  groupKey: string,
  keep: Keep,
  patches: Iterable<number>,
): Edits {
  const painted = [...new Set(patches)].sort((a, b) => a - b);
  const others = edits.regions.filter((region) => region.groupKey !== groupKey);
  const next = painted.length > 0 ? [...others, { groupKey, keep, patches: painted }] : others;
  const order = new Map(bench.groups.map(({ key }, at) => [key, at]));
  const regions = next.sort((a, b) => (order.get(a.groupKey) ?? 0) - (order.get(b.groupKey) ?? 0));
  return { ...edits, regions };
}

export function regionOf(edits: Edits, groupKey: string): RegionEdit | null {
  return edits.regions.find((region) => region.groupKey === groupKey) ?? null;
}

/** As the server takes them: regions first. */
export function toWire(edits: Edits): EditCreate[] {
  return [
    ...edits.regions.map(
      ({ groupKey, keep, patches }): EditCreate => ({
        operation: "region",
        group_key: groupKey,
        keep,
        patches: [...patches],
      }),
    ),
    ...edits.scores.map(scoreToWire),
  ];
}

export function scoreToWire(edit: ScoreEdit): EditCreate {
  const base = { operation: edit.operation, option_id: edit.optionId };
  switch (edit.operation) {
    case "set":
      return { ...base, value: edit.value };
    case "class_mean":
      return { ...base, reference_class: edit.referenceClass };
    default:
      return base;
  }
}

/** From the server's; what this page does not know is left out and counted. */
export function fromWire(wire: readonly EditRead[]): { edits: Edits; ignored: number } {
  const regions: RegionEdit[] = [];
  const scores: ScoreEdit[] = [];
  let ignored = 0;
  for (const edit of wire) {
    const { operation, option_id: optionId } = edit;
    if (operation === "region" && edit.group_key && edit.keep && edit.patches) {
      regions.push({ groupKey: edit.group_key, keep: edit.keep, patches: edit.patches });
    } else if (operation === "set" && optionId && edit.value !== null) {
      scores.push({ operation, optionId, value: edit.value });
    } else if (operation === "class_mean" && optionId && edit.reference_class) {
      scores.push({ operation, optionId, referenceClass: edit.reference_class });
    } else if ((operation === "option" || operation === "mean") && optionId) {
      scores.push({ operation, optionId });
    } else {
      ignored += 1;
    }
  }
  return { edits: { regions, scores }, ignored };
}

export function sameEdits(a: Edits, b: Edits): boolean {
  return a === b || JSON.stringify(toWire(a)) === JSON.stringify(toWire(b));
}
