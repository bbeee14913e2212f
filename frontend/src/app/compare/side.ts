/** What stands on one side: a prediction, or an intervention with the prediction it was made on. */

import { editWords, namesOf } from "../../features/interventions/lib/words";
import type { PaintedRegion } from "../../features/viewer/lib/paint";
import type { Intervention, Prediction } from "../../shared/api/types";
import { presentOption } from "../../shared/lib/present-option";

export type Place = "left" | "right";

export interface SideClass {
  key: string;
  name: string;
  probability: number;
  /** Of an intervention: before its edits. */
  before: number | null;
}

export interface SideOption {
  id: string;
  text: string;
  score: number;
}

export interface SideGroup {
  key: string;
  name: string;
  options: readonly SideOption[];
  /** The option the model takes to be there. */
  presentId: string | null;
}

export interface Side {
  /** "prediction:0123…" or "intervention:0123…", as in the address. */
  ref: string;
  kind: "prediction" | "intervention";
  model: { id: string; name: string; synthetic: boolean };
  createdAt: string;
  /** Who made the intervention; nobody makes a prediction. */
  createdBy: string | null;
  note: string;
  edits: readonly string[];
  /** Class keys, before the edits and after. */
  baselineClass: string;
  predictedClass: string;
  classes: readonly SideClass[];
  groups: readonly SideGroup[];
  /** With the maps. Null if the case's list no longer has it. */
  prediction: Prediction | null;
  /** Painted regions by the group they are for. */
  regions: ReadonlyMap<string, PaintedRegion>;
}

export const predictionRef = (id: string) => `prediction:${id}`;
export const interventionRef = (id: string) => `intervention:${id}`;

export function sideOfPrediction(prediction: Prediction): Side {
  return {
    ref: predictionRef(prediction.id),
    kind: "prediction",
    model: prediction.model,
    createdAt: prediction.created_at,
    createdBy: null,
    note: "",
    edits: [],
    baselineClass: prediction.predicted_class,
    predictedClass: prediction.predicted_class,
    classes: prediction.classes.map(({ key, name, probability }) => ({
      ...{ key, name, probability },
      before: null,
    })),
    groups: prediction.groups.map((group) => ({
      key: group.key,
      name: group.name,
      options: group.options.map(({ id, text, score }) => ({ id, text, score })),
      presentId: presentOption(group)?.id ?? null,
    })),
    prediction,
    regions: new Map(),
  };
}

export function sideOfIntervention(
  intervention: Intervention,
  predictions: readonly Prediction[],
): Side {
  const { model, baseline, intervened, groups } = intervention;
  const prediction = predictions.find(({ id }) => id === intervention.prediction_id) ?? null;
  const names = namesOf(intervention);
  return {
    ref: interventionRef(intervention.id),
    kind: "intervention",
    model,
    createdAt: intervention.created_at,
    createdBy: intervention.created_by?.name ?? null,
    note: intervention.note ?? "",
    edits: intervention.edits.map((edit) => editWords(edit, names)),
    baselineClass: intervention.baseline_class,
    predictedClass: intervention.predicted_class,
    classes: intervened.map(({ class_key: key, class_name: name, probability }) => ({
      ...{ key, name, probability },
      before: baseline.find((entry) => entry.class_key === key)?.probability ?? null,
    })),
    groups: groups.map(({ key, name, options }) => {
      const scored = options.map(({ id, text, after }) => ({ id, text, score: after }));
      return { key, name, options: scored, presentId: presentByScore(scored) };
    }),
    prediction,
    regions: prediction ? regionsOf(intervention, prediction) : new Map(),
  };
}

/**
 * The same rule as for a prediction: probabilities are the softmax of a group's scores, and of a single
 * option the sigmoid, which is one half at a score of zero.
 */
function presentByScore(options: readonly SideOption[]): string | null {
  const [first, ...others] = options;
  if (!first || (others.length === 0 && first.score < 0)) {
    return null;
  }
  return others.reduce((best, next) => (next.score > best.score ? next : best), first).id;
}

function regionsOf(
  { edits }: Intervention,
  { grid, region }: Prediction,
): ReadonlyMap<string, PaintedRegion> {
  return new Map(
    edits.flatMap(({ group_key: key, keep, patches }) =>
      key && keep && patches ? [[key, { grid, region, keep, patches: new Set(patches) }]] : [],
    ),
  );
}

/** All that can stand on a side, newest first. */
export function allSides(
  predictions: readonly Prediction[],
  interventions: readonly Intervention[],
): Side[] {
  return [
    ...predictions.map(sideOfPrediction),
    ...interventions.map((entry) => sideOfIntervention(entry, predictions)),
  ].sort((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt));
}

/** What a page without an address begins with: the newest thing, beside what it is best compared with. */
export function firstSides(sides: readonly Side[]): readonly [left: Side, right: Side] | null {
  const [newest, second] = sides;
  if (!newest || !second) {
    return null;
  }
  const predictions = sides.filter((side) => side !== newest && side.kind === "prediction");
  const own = predictions.find((side) => side.prediction === newest.prediction);
  return [own ?? predictions[0] ?? second, newest];
}
