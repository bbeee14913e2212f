import { describe, expect, it } from "vitest";
import { makeCodeDiagnosis, makeEmbedding } from "../../../shared/testing/diagnosis-fixtures";
import { codeName, probability, sampleOf } from "./codes";

describe("the name of a code", () => {
  it("is its group's, together with the association", () => {
    expect(codeName(makeCodeDiagnosis(), new Map([["border", "Border"]]))).toBe(
      "Border (phi +0.62)",
    );
    expect(codeName(makeCodeDiagnosis(), new Map())).toBe("border (phi +0.62)");
  });

  it("is not there below the floor, however large phi is", () => {
    expect(codeName(makeCodeDiagnosis({ group: null }), new Map([["border", "Border"]]))).toBe(
      null,
    );
  });
});

describe("the sample", () => {
  it("counts tokens and finds the nearest code", () => {
    const [first, second] = sampleOf(makeEmbedding({ codes_of: [0, 0, 1, 0] }));
    expect(first).toMatchObject({ tokens: 3, nearest: { code: 2 } });
    expect(second).toMatchObject({ tokens: 1, nearest: { code: 0 } });
  });

  it("has no nearest code where there is one", () => {
    expect(sampleOf(makeEmbedding({ codes: [[0, 0, 0]] }))[0]?.nearest).toBeNull();
  });
});

it("never says that a probability is zero", () => {
  expect(probability(0)).toBe("<0.01");
  expect(probability(0.25)).toBe("0.25");
});
