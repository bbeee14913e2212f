/**
 * How the groups push one class, before and after:  logit = bias + Σ contribution.
 *
 * The stored logit was computed in another precision than the sum here; what is left over (about 1e-6) goes to the
 * bias, so that both columns add up to their logit.
 */

import { type Bench, scoreAt } from "./bench";
import type { Decision } from "./decide";

export interface Push {
  before: number;
  after: number;
}

export interface OptionPush extends Push {
  id: string;
  text: string;
}

export interface GroupPush extends Push {
  key: string;
  name: string;
  options: OptionPush[];
}

export interface Waterfall {
  bias: number;
  groups: GroupPush[];
  total: Push;
}

export function waterfall(
  bench: Bench,
  scores: readonly number[],
  decision: Decision,
  classIndex: number,
): Waterfall {
  const weights = bench.head.weight[classIndex] ?? [];
  const groups = bench.groups.map(({ key, name, options }): GroupPush => {
    const own = options.map(({ id, text, index }): OptionPush => {
      const weight = scoreAt(weights, index);
      return {
        id,
        text,
        before: weight * scoreAt(bench.scores, index),
        after: weight * scoreAt(scores, index),
      };
    });
    return { key, name, options: own, before: sum(own, "before"), after: sum(own, "after") };
  });
  const total = {
    before: scoreAt(bench.logits, classIndex),
    after: scoreAt(decision.logits, classIndex),
  };
  return { bias: total.before - sum(groups, "before"), groups, total };
}

function sum(pushes: readonly Push[], side: keyof Push): number {
  return pushes.reduce((total, push) => total + push[side], 0);
}

export interface Span {
  from: number;
  to: number;
}

/** Where each push begins and ends when they are added one after the other, beginning with the bias. */
export function runningSpans({ bias, groups }: Waterfall, side: keyof Push): Span[] {
  let at = bias;
  return groups.map((group) => {
    const from = at;
    at += group[side];
    return { from, to: at };
  });
}
