/**
 * How the options add up to a class. The head is linear, so this is the prediction itself, not an
 * approximation of it: logit(class) = bias(class) + Σ contribution(option, class).
 */

import type {
  ClassPrediction,
  GroupPrediction,
  OptionPrediction,
  Prediction,
} from "../../../shared/api/types";
import { presentOption } from "../../../shared/lib/present-option";

export interface OptionRow {
  group: GroupPrediction;
  option: OptionPrediction;
  /** To the class in question. */
  contribution: number;
  /** Whether the model takes this option to be the one that is there. */
  present: boolean;
}

export interface Balance {
  bias: number;
  /** Sum of the positive contributions. */
  supporting: number;
  /** Sum of the negative ones. */
  opposing: number;
  logit: number;
}

/** All options in the concept set's order. */
export function optionRows(prediction: Prediction, classKey: string): OptionRow[] {
  return prediction.groups.flatMap((group) => {
    const present = presentOption(group);
    return group.options.map((option) => ({
      group,
      option,
      contribution: option.contributions[classKey] ?? 0,
      present: option === present,
    }));
  });
}

/** What speaks for the class first, what speaks against it last. */
export function byContribution(rows: readonly OptionRow[]): OptionRow[] {
  return [...rows].sort((a, b) => b.contribution - a.contribution);
}

export function sumOf(rows: readonly OptionRow[]): number {
  return rows.reduce((sum, row) => sum + row.contribution, 0);
}

export function balance(rows: readonly OptionRow[], entry: ClassPrediction): Balance {
  return {
    bias: entry.bias,
    supporting: sumOf(rows.filter((row) => row.contribution > 0)),
    opposing: sumOf(rows.filter((row) => row.contribution < 0)),
    logit: entry.logit,
  };
}

/** The longest bar; at least a little, so that a map of zeros does not divide by zero. */
export function contributionScale(rows: readonly OptionRow[]): number {
  return rows.reduce((largest, row) => Math.max(largest, Math.abs(row.contribution)), 1e-6);
}

/**
 * What a page shows first of a class: of the options that the model sees, the one that speaks most for the
 * class, and rather one that has a place in the image than a property of the whole lesion.
 */
export function tellingOption(prediction: Prediction, classKey: string): OptionRow | null {
  const sorted = byContribution(optionRows(prediction, classKey));
  const present = sorted.filter((row) => row.present && row.contribution > 0);
  return present.find((row) => row.group.localizable) ?? present[0] ?? sorted[0] ?? null;
}

export function predictedClass(prediction: Prediction): ClassPrediction | null {
  return prediction.classes.find(({ key }) => key === prediction.predicted_class) ?? null;
}
