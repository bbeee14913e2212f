import { describe, expect, it } from "vitest";
import { onScale, parseScore, placeOn, rounded, scoreScale, stepped } from "./score-scale";

const option = { index: 0, id: "a.b", text: "b", group: 0, low: -1, high: 3 };

describe("the slider of a score", () => {
  it("spans what validation saw, and values beyond it", () => {
    expect(scoreScale(option, [0])).toMatchObject({ min: -1, max: 3, step: 0.01, digits: 2 });
    expect(scoreScale(option, [-2, 5])).toMatchObject({ min: -2, max: 5 });
    expect(scoreScale({ ...option, low: 1, high: 1 }, [1])).toMatchObject({ min: 1, max: 2 });
  });

  it("goes in steps that fit its length", () => {
    const scale = scoreScale({ ...option, low: 0, high: 0.3 }, []);
    expect(scale).toMatchObject({ step: 0.001, digits: 3 });
    expect(stepped(0.1234, 1, scale)).toBe(0.124);
    expect(rounded(0.12345, scale)).toBe(0.123);
    expect(placeOn(scoreScale(option, []), 1)).toBe(0.5);
  });

  it("ends where validation did, also where rounding would lead beyond", () => {
    const scale = scoreScale({ ...option, low: -8.812, high: 10.776 }, []);
    expect(rounded(10.776, scale)).toBe(10.8);
    expect(onScale(10.776, scale)).toBe(10.776);
    expect(onScale(-8.812, scale)).toBe(-8.8);
    expect(onScale(-9, scale)).toBe(-8.812);
  });

  it.each([
    ["1,5", 1.5],
    ["−2", -2],
    [" 0.25 ", 0.25],
    ["", null],
    ["abc", null],
    ["1e9", null],
  ])("reads what was typed: '%s'", (text, value) => {
    expect(parseScore(text)).toBe(value);
  });
});
