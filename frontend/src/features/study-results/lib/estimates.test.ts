import { describe, expect, it } from "vitest";
import { makeStudyEstimate } from "../../../shared/testing/study-result-fixtures";
import {
  chanceWords,
  estimateWords,
  percent,
  reachOf,
  signedPoints,
  twoDigits,
  withNote,
} from "./estimates";

const NONE = { value: null, low: null, high: null };

describe("estimates in words", () => {
  it("have their interval where there is one", () => {
    expect(estimateWords(makeStudyEstimate(), twoDigits)).toEqual({
      value: "4.10",
      interval: "3.70 to 4.50",
      note: null,
    });
    const alone = makeStudyEstimate({ low: null, high: null, note: "One reader." });
    expect(estimateWords(alone, twoDigits)).toEqual({
      value: "4.10",
      interval: null,
      note: "One reader.",
    });
  });

  it("say why there is none, and never NaN", () => {
    const missing = { ...NONE, note: "Nobody answered." };
    expect(estimateWords(missing, twoDigits).note).toBe("Nobody answered.");
    const broken = { ...NONE, value: Number.NaN, note: null };
    expect(estimateWords(broken, twoDigits)).toEqual({
      value: null,
      interval: null,
      note: "cannot be computed",
    });
  });

  it("are written as the field does", () => {
    expect(percent(0.9)).toBe("90.0\u202f%");
    expect(signedPoints(-0.125)).toBe("−12.5\u202fpoints");
    expect(chanceWords(0.0004)).toBe("<0.001");
    expect(chanceWords(0.0421)).toBe("0.042");
    expect(chanceWords(null)).toBeNull();
  });

  it("say what there is to say of a row once", () => {
    const noted = makeStudyEstimate({ note: "Few pairs." });
    expect(withNote(noted, "Few pairs. Other readers.").note).toBe("Few pairs. Other readers.");
    expect(withNote(noted, "Few pairs.").note).toBe("Few pairs.");
    expect(withNote(noted, "Other readers.").note).toBe("Few pairs. Other readers.");
    expect(withNote(makeStudyEstimate(), null).note).toBeNull();
  });

  it("have one scale in a table", () => {
    const wide = makeStudyEstimate({ value: -0.2, low: -0.9, high: 0.4 });
    expect(reachOf([makeStudyEstimate({ value: 0.1, low: 0, high: 0.3 }), wide])).toBe(0.9);
    expect(reachOf([{ ...NONE, note: "None." }])).toBe(0.01);
  });
});
