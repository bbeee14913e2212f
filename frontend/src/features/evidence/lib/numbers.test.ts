import { describe, expect, it } from "vitest";
import {
  makeEvidence,
  makeFigure,
  measured,
  notMeasured,
} from "../../../shared/testing/evidence-fixtures";
import {
  intervalWords,
  limitsOf,
  placeOn,
  readingOf,
  scalesOf,
  testedWords,
  valueWords,
} from "./numbers";

describe("figures in words", () => {
  it("have as many digits as a few dozen images can bear", () => {
    expect(valueWords(0.7149, "share")).toBe("0.71");
    expect(valueWords(-0.042, "difference")).toBe("−0.04");
    expect(valueWords(0.042, "difference")).toBe("+0.04");
    expect(valueWords(12, "number")).toBe("12");
    expect(valueWords(3.456, "number")).toBe("3.46");
    expect(valueWords(34.56, "number")).toBe("34.6");
  });

  it("never round to a certainty that was not there", () => {
    expect(valueWords(0.003, "probability")).toBe("<0.01");
    expect(valueWords(0.998, "auroc")).toBe(">0.99");
    expect(valueWords(0, "share")).toBe("0.00");
    expect(valueWords(1, "share")).toBe("1.00");
  });

  it("have an interval where both ends are known", () => {
    expect(intervalWords(measured(0.71, 0.6, 0.82), "share")).toBe("0.60 to 0.82");
    expect(intervalWords({ value: 0.71, low: null, high: null, n: 59 }, "share")).toBeNull();
  });
});

describe("what a drawing says", () => {
  it("is on which side of the mark the interval lies", () => {
    expect(readingOf(measured(0.71, 0.6, 0.82), 0.5)).toBe("The interval lies above the mark");
    expect(readingOf(measured(0.41, 0.3, 0.49), 0.5)).toBe("The interval lies below the mark");
    expect(readingOf(measured(0.52, 0.44, 0.6), 0.5)).toBe("The interval includes the mark");
    expect(readingOf(measured(0.52, 0.44, 0.6), null)).toBe("Value and interval");
    expect(readingOf({ value: 0.5, low: null, high: null, n: 3 }, 0.5)).toBe("No interval");
    expect(readingOf(notMeasured(), 0.5)).toBe("Not measured");
  });
});

describe("scales", () => {
  const small = makeFigure({
    unit: "difference",
    measured: measured(0.02, -0.03, 0.07),
    reference: 0,
  });
  const large = makeFigure({
    unit: "difference",
    measured: measured(-0.2, -0.34, -0.1),
    reference: 0,
  });

  it("are one for all differences of a table, with zero in the middle", () => {
    const scaleOf = scalesOf([small, large]);
    expect(scaleOf(small)).toEqual({ low: -0.5, high: 0.5 });
    expect(scaleOf(large)).toEqual({ low: -0.5, high: 0.5 });
    expect(scalesOf([small])(small)).toEqual({ low: -0.1, high: 0.1 });
  });

  it("are from nothing to certainty for shares, and of its own for a number", () => {
    const count = makeFigure({ unit: "number", measured: measured(7, 5, 11), reference: 34 });
    const scaleOf = scalesOf([makeFigure(), count]);
    expect(scaleOf(makeFigure())).toEqual({ low: 0, high: 1 });
    expect(scaleOf(count)).toEqual({ low: 0, high: 50 });
  });

  it("keep what lies outside at their ends", () => {
    expect(placeOn({ low: -1, high: 1 }, 0)).toBe(0.5);
    expect(placeOn({ low: 0, high: 1 }, 1.2)).toBe(1);
    expect(placeOn({ low: 0, high: 1 }, -1)).toBe(0);
  });
});

describe("images and limits", () => {
  it("say of drawn images that they are", () => {
    const { tested_on } = makeEvidence();
    expect(testedWords(tested_on).replace(/\u202f/g, " ")).toBe(
      "500 drawn images of synthetic-dermoscopy",
    );
    expect(testedWords({ ...tested_on, images: 1, synthetic: false })).toBe(
      "1 image of synthetic-dermoscopy",
    );
  });

  it("warn of intervals without width, where there are some", () => {
    expect(limitsOf(makeEvidence())).toEqual(makeEvidence().limits);
    const certain = makeFigure({ measured: measured(1, 1, 1, 64) });
    const warned = limitsOf(makeEvidence({ decision: [certain] }));
    expect(warned).toHaveLength(2);
    expect(warned[1]).toMatch(/^Where an interval has no width/);
  });
});
