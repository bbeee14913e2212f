/** The two tests in sentences. */

import { formatCount, formatNumber, formatSigned } from "../../../shared/lib/format";
import type { Comparison } from "./figures";

export function mcnemarSentence({ mcnemar }: Pick<Comparison, "mcnemar">): string {
  const { only_a, only_b, method, p_value } = mcnemar;
  if (p_value === null) {
    return "McNemar's test of accuracy: there is nothing to test, since no class is known.";
  }
  if (method === "none") {
    return "McNemar's test of accuracy: both are right on the same images, so there is nothing to test.";
  }
  const how = method === "exact" ? "exact" : "chi-squared";
  return `McNemar's test of accuracy (${how}): A alone is right on ${images(only_a)}, B alone on ${images(only_b)}; ${probability(p_value)}. Each image counts as one, also where several are of one patient.`;
}

export function permutationSentence({ permutation }: Pick<Comparison, "permutation">): string {
  const { difference, permutations, exact, units, p_value } = permutation;
  if (p_value === null || difference === null) {
    return "Permutation test of balanced accuracy: there is nothing to test.";
  }
  const swaps = exact
    ? `all ${formatCount(permutations)} ways to swap the two`
    : `${formatCount(permutations)} random swaps of the two`;
  return `Permutation test of balanced accuracy: B − A is ${formatSigned(difference, 3)}, from ${formatCount(units)} independent ${units === 1 ? "unit" : "units"} (images, or groups that belong together) on which the two differ; with ${swaps}, ${probability(p_value)}.`;
}

function images(count: number): string {
  return `${formatCount(count)} ${count === 1 ? "image" : "images"}`;
}

function probability(p: number): string {
  return p < 0.001 ? "p < 0.001" : `p = ${formatNumber(p, 3)}`;
}
