import type { GroupPrediction, OptionPrediction } from "../api/types";

/** The most probable option of a group; of a group with a single option, that one from 0.5 on. */
export function presentOption(group: GroupPrediction): OptionPrediction | null {
  const [first, ...others] = group.options;
  if (!first) {
    return null;
  }
  if (others.length === 0) {
    return first.probability >= 0.5 ? first : null;
  }
  return others.reduce((best, next) => (next.probability > best.probability ? next : best), first);
}
