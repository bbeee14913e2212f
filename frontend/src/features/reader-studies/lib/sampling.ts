/** How the images were chosen, as the methods text will say it: it must stay true with every change. */

import type {
  StudyCaseRef,
  StudyDesign,
  StudySample,
  StudySampling,
} from "../../../shared/api/types";
import { refKey, withCases } from "./design";

function sources(...texts: readonly string[]): string {
  const all = texts.flatMap((text) => text.split("; ")).filter((text) => text !== "");
  return [...new Set(all)].join("; ").slice(0, 200);
}

function byHand({ source }: StudySampling, from = ""): StudySampling {
  return {
    method: "hand_picked",
    source: sources(source, from),
    strata: "none",
    seed: null,
    population: null,
  };
}

/** Images that somebody picked out. Together with drawn ones it is no random sample any more. */
export function withPicked(
  design: StudyDesign,
  refs: readonly StudyCaseRef[],
  source: string,
): StudyDesign {
  return {
    ...design,
    cases: withCases(design.cases, refs),
    sampling: byHand(design.cases.length === 0 ? NOTHING : design.sampling, source),
  };
}

/** All that there are of a source. */
export function withAll(
  design: StudyDesign,
  refs: readonly StudyCaseRef[],
  source: string,
): StudyDesign {
  const picked = withPicked(design, refs, source);
  const whole = design.cases.length === 0 || design.sampling.method === "all";
  return whole
    ? {
        ...picked,
        sampling: { ...picked.sampling, method: "all", population: picked.cases.length },
      }
    : picked;
}

/** A draw. Several draws of the same kind, as one from each data set, are one random sample. */
export function withDrawn(design: StudyDesign, drawn: StudySample): StudyDesign {
  const refs = drawn.items.map(({ ref }) => ref);
  const cases = withCases(design.cases, refs);
  const { sampling: old } = design;
  const { sampling } = drawn;
  if (design.cases.length === 0) {
    return { ...design, cases, sampling };
  }
  if (old.method !== "stratified_random" || old.strata !== sampling.strata) {
    return { ...design, cases, sampling: byHand(old, sampling.source) };
  }
  const again = old.source === sampling.source;
  return {
    ...design,
    cases,
    sampling: {
      ...sampling,
      source: sources(old.source, sampling.source),
      seed: old.seed === sampling.seed ? sampling.seed : null,
      population: again
        ? sampling.population
        : (old.population ?? 0) + (sampling.population ?? 0) || null,
    },
  };
}

/** Taking one out by hand makes the rest a choice by hand too. */
export function withoutCase(design: StudyDesign, key: string): StudyDesign {
  const cases = design.cases.filter((ref) => refKey(ref) !== key);
  const { sampling } = design;
  const kept = sampling.method === "hand_picked";
  return { ...design, cases, sampling: kept ? sampling : byHand(sampling) };
}

const NOTHING: StudySampling = {
  method: "hand_picked",
  source: "",
  strata: "none",
  seed: null,
  population: null,
};

export function withoutCases(design: StudyDesign): StudyDesign {
  return { ...design, cases: [], sampling: NOTHING };
}

export function samplingWords({ cases, sampling }: StudyDesign): string {
  const { method, source, strata, seed, population } = sampling;
  if (cases.length === 0) {
    return "No image is chosen yet.";
  }
  const from = source ? ` from ${source}` : "";
  if (method === "all") {
    return `All images${from}.`;
  }
  if (method === "hand_picked") {
    return `Chosen by hand${from}.`;
  }
  const evenly = {
    class: ", evenly over the classes",
    dataset: ", evenly over the data sets",
    none: "",
  };
  const of = population === null || population === undefined ? "" : ` of ${population} images`;
  const drawn = seed === null || seed === undefined ? "with several seeds" : `with seed ${seed}`;
  return `Drawn at random${of}${from}${evenly[strata]}, ${drawn}.`;
}
