import { describe, expect, it } from "vitest";
import {
  COLOUR,
  makeConceptEvidence,
  makeEvidence,
  measured,
  PATTERN,
  SHAPE,
} from "../../../shared/testing/evidence-fixtures";
import { byReliability, cardPath, conceptsOf, countSteps } from "./reliability";
import { countedWords, countVerdicts } from "./verdicts";

const border = makeConceptEvidence();

describe("concepts by reliability", () => {
  it("begin with the most reliable, whatever their accuracy", () => {
    const sorted = byReliability([COLOUR, SHAPE, border, PATTERN]);
    expect(sorted.map(({ key }) => key)).toEqual(["pattern", "border", "shape", "colour"]);
  });

  it("stand within a step by the lower end of the interval, not by the value", () => {
    const wide = makeConceptEvidence({ key: "wide", accuracy: measured(0.9, 0.55, 0.99) });
    expect(byReliability([wide, border]).map(({ key }) => key)).toEqual(["border", "wide"]);
  });

  it("are counted by step, those that occur", () => {
    expect(countSteps([COLOUR, border, { ...border, key: "other" }])).toEqual([
      { step: "limited", count: 2 },
      { step: "unverified", count: 1 },
    ]);
  });
});

describe("concepts of a model", () => {
  it("are found by their key", () => {
    expect(conceptsOf(makeEvidence())?.get("border")?.reliability).toBe("limited");
  });

  it("are none where other weights were measured, or nothing is known", () => {
    expect(conceptsOf(makeEvidence({ is_of_these_weights: false }))).toBeNull();
    expect(conceptsOf(undefined)).toBeNull();
  });

  it("have an address on the card", () => {
    expect(cardPath("abc")).toBe("/models/abc/card");
    expect(cardPath("abc", "border")).toBe("/models/abc/card#concept-border");
  });
});

describe("verdicts", () => {
  it("are counted in words", () => {
    expect(countVerdicts(makeEvidence().tests)).toEqual([
      { verdict: "partly", count: 1 },
      { verdict: "unmeasured", count: 1 },
    ]);
    expect(countedWords("holds", 1)).toBe("1 holds");
    expect(countedWords("holds", 3)).toBe("3 hold");
    expect(countedWords("fails", 2)).toBe("2 do not hold");
    expect(countedWords("unmeasured", 2)).toBe("2 not measured");
  });
});
