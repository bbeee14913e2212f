import { describe, expect, it } from "vitest";
import type { StudySample } from "../../../shared/api/types";
import { makeCandidates, makeEmptyDesign } from "../../../shared/testing/study-fixtures";
import { refKey } from "./design";
import { samplingWords, withAll, withDrawn, withoutCase, withPicked } from "./sampling";

const refs = (count: number, dataset = "busi") =>
  makeCandidates(count, dataset).map(({ ref }) => ref);

function drawn(count: number, dataset: string, seed = 3): StudySample {
  return {
    items: makeCandidates(count, dataset),
    sampling: {
      method: "stratified_random",
      source: dataset,
      strata: "class",
      seed,
      population: 100,
    },
    short: {},
  };
}

describe("how images were chosen", () => {
  it("is said for a draw", () => {
    const design = withDrawn(makeEmptyDesign(), drawn(4, "busi"));
    expect(design.cases).toHaveLength(4);
    expect(samplingWords(design)).toBe(
      "Drawn at random of 100 images from busi, evenly over the classes, with seed 3.",
    );
  });

  it("stays a random sample with a draw from each of several data sets", () => {
    const first = withDrawn(makeEmptyDesign(), drawn(4, "busi"));
    const both = withDrawn(first, drawn(2, "isic"));
    expect(both.cases).toHaveLength(6);
    expect(both.sampling).toMatchObject({ source: "busi; isic", seed: 3, population: 200 });
    const others = withDrawn(first, drawn(2, "isic", 9));
    expect(others.sampling.seed).toBeNull();
    expect(samplingWords(others)).toContain("with several seeds");
    // A second draw from the same ones has no more to draw from.
    expect(withDrawn(first, drawn(4, "busi")).sampling.population).toBe(100);
  });

  it("is by hand as soon as a hand was in it", () => {
    const first = withDrawn(makeEmptyDesign(), drawn(4, "busi"));
    expect(withPicked(first, refs(5), "busi").sampling.method).toBe("hand_picked");
    const [one] = first.cases;
    const without = withoutCase(first, one ? refKey(one) : "");
    expect(without.cases).toHaveLength(3);
    expect(without.sampling).toMatchObject({ method: "hand_picked", seed: null });
    expect(
      withDrawn(withPicked(makeEmptyDesign(), refs(1), "cases"), drawn(2, "isic")).sampling,
    ).toMatchObject({ method: "hand_picked", source: "cases; isic" });
  });

  it("is all of a source only while nothing else is in it", () => {
    const all = withAll(makeEmptyDesign(), refs(3), "busi");
    expect(all.sampling).toMatchObject({ method: "all", population: 3 });
    expect(samplingWords(all)).toBe("All images from busi.");
    const mixed = withAll(withPicked(makeEmptyDesign(), refs(1, "isic"), "isic"), refs(3), "busi");
    expect(mixed.sampling.method).toBe("hand_picked");
  });

  it("is nothing to speak of without images", () => {
    expect(samplingWords(makeEmptyDesign())).toBe("No image is chosen yet.");
  });
});
