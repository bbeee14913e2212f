import { describe, expect, it } from "vitest";
import {
  makeComparisonContent,
  makeFigure,
  WORSE_BMAC,
} from "../../../shared/testing/comparison-fixtures";
import { chance, concernOf, countVerdicts, ends, keyFigures, reach } from "./figures";

describe("figures of a comparison", () => {
  it("of the decision are those without class or group", () => {
    expect(keyFigures(makeComparisonContent()).map(({ key }) => key)).toEqual(["bmac", "ece"]);
  });

  it("have verdicts, which are counted", () => {
    expect(countVerdicts(makeComparisonContent().figures)).toEqual({
      better: 3,
      worse: 0,
      undecided: 1,
      same: 0,
      unknown: 0,
    });
  });

  it("share one scale that holds every interval", () => {
    expect(reach([makeFigure(), WORSE_BMAC])).toBe(0.063);
    expect(reach([makeFigure({ difference: null, interval: null })])).toBe(0.01);
  });

  it("are written with their intervals", () => {
    expect(ends({ low: -0.0123, high: 0.03 }, true)).toBe("−0.012 to +0.030");
    expect(ends(null)).toBe("—");
    expect(chance(0.0004)).toBe("<0.001");
    expect(chance(null)).toBe("—");
  });
});

describe("concern before a promotion", () => {
  it.each([
    ["worse", /worse/],
    ["undecided", /undecided/],
    ["unknown", /not known/],
  ] as const)("is raised where balanced accuracy is %s", (verdict, words) => {
    const content = makeComparisonContent({ figures: [makeFigure({ verdict })] });
    expect(concernOf(content)?.title).toMatch(words);
  });

  it("is raised where there is no balanced accuracy at all", () => {
    expect(concernOf(makeComparisonContent({ figures: [] }))?.title).toMatch(/not known/);
  });

  it.each(["better", "same"] as const)("is not raised where it is %s", (verdict) => {
    expect(concernOf(makeComparisonContent({ figures: [makeFigure({ verdict })] }))).toBeNull();
  });
});
