import { describe, expect, it } from "vitest";
import { makePrediction } from "../../../shared/testing/fixtures";
import { codeName } from "./code-name";
import { familiarityWords } from "./familiarity";

describe("familiarity", () => {
  it.each([
    [43.2, false, "Nothing unusual found: percentile 43.2"],
    [88, false, "Less usual among the training images: percentile 88.0"],
    [95, false, "Less usual among the training images: percentile 95.0"],
    [99.2, true, "Unlike the training images: percentile 99.2"],
  ])("at percentile %f", (percentile, unfamiliar, text) => {
    expect(familiarityWords({ distance: 1, percentile })).toEqual({ unfamiliar, text });
  });
});

describe("codes", () => {
  const prediction = makePrediction();

  it("carry a name only with its measured association", () => {
    const names = prediction.codes.map((code) => codeName(code, prediction));
    expect(names).toEqual(["Border · 0.62", "no measured association", "no measured association"]);
  });

  it("do not carry the name of a group without a figure", () => {
    const code = { index: 1, group_key: "border", association: null, patches: 2 };
    expect(codeName(code, prediction)).toBe("no measured association");
  });
});
