/** How far concepts can be trusted, in words and in order. */

import type { ConceptEvidence, Evidence } from "../../../shared/api/types";

export type Reliability = ConceptEvidence["reliability"];

/** The best first. */
export const STEPS: readonly Reliability[] = ["good", "limited", "poor", "unverified"];

/** Of the bars of the mark, how many are filled; null: a question mark instead. */
export const BARS: Readonly<Record<Reliability, number | null>> = {
  good: 3,
  limited: 2,
  poor: 1,
  unverified: null,
};

export const LABEL_SOURCES: Readonly<Record<ConceptEvidence["labels"], string>> = {
  image: "Labels read in, or drawn into, each image.",
  class: "Labels from the class table: nobody read them.",
  none: "No labels.",
};

/** The most reliable first; within a step by what the lower end of the interval grants, then by name. */
export function byReliability(concepts: readonly ConceptEvidence[]): ConceptEvidence[] {
  return [...concepts].sort(
    (a, b) =>
      STEPS.indexOf(a.reliability) - STEPS.indexOf(b.reliability) ||
      granted(b) - granted(a) ||
      a.name.localeCompare(b.name),
  );
}

function granted({ accuracy }: ConceptEvidence): number {
  return accuracy.low ?? accuracy.value ?? -1;
}

/** How many concepts there are of each step, those that occur. */
export function countSteps(
  concepts: readonly ConceptEvidence[],
): { step: Reliability; count: number }[] {
  return STEPS.map((step) => ({
    step,
    count: concepts.filter(({ reliability }) => reliability === step).length,
  })).filter(({ count }) => count > 0);
}

/** Concepts by their group's key; null where the evidence is not of these weights, so that it says nothing here. */
export function conceptsOf(
  evidence: Evidence | null | undefined,
): ReadonlyMap<string, ConceptEvidence> | null {
  return evidence?.is_of_these_weights
    ? new Map(evidence.concepts.map((concept) => [concept.key, concept]))
    : null;
}

/** Where on the card a concept stands. */
export function conceptAnchor(key: string): string {
  return `concept-${key}`;
}

export function cardPath(modelVersionId: string, conceptKey?: string): string {
  const path = `/models/${modelVersionId}/card`;
  return conceptKey === undefined ? path : `${path}#${conceptAnchor(conceptKey)}`;
}
