import { describe, expect, it } from "vitest";
import { isCovered, linesOf, missingRegions } from "./found-text";

const NAME = { x: 10, y: 20, width: 100, height: 12, frame: 0 };
const DATE = { x: 10, y: 40, width: 60, height: 12, frame: 0 };
const AT_THE_END = { ...NAME, frame: 29 };
const lines = linesOf([NAME, DATE, AT_THE_END]);
const region = (overrides = {}) => ({ id: 1, ...NAME, frame: null, ...overrides });

describe("what was found", () => {
  it("is numbered as the server lists it, and always in a frame", () => {
    const [first, second] = linesOf([NAME, { ...DATE, frame: null }]);
    expect(first).toEqual({ ...NAME, number: 1 });
    expect(second).toMatchObject({ number: 2, frame: 0 });
  });

  it("is covered by a region around all of it, in its frame or in all of them", () => {
    const [name] = lines;
    const covered = (overrides = {}) => name && isCovered(name, [region(overrides)]);
    expect(covered()).toBe(true);
    expect(covered({ frame: 0 })).toBe(true);
    expect(covered({ frame: 1 })).toBe(false);
    expect(covered({ x: 5, y: 15, width: 200, height: 40 })).toBe(true);
    expect(covered({ width: 99 })).toBe(false);
    expect(covered({ y: 21 })).toBe(false);
  });

  it("needs one region where the same line stands in several frames", () => {
    expect(missingRegions(lines, [], false)).toEqual([
      { ...NAME, frame: null },
      { ...DATE, frame: null },
    ]);
    expect(missingRegions(lines, [], true)).toEqual([NAME, DATE, AT_THE_END]);
  });

  it("is not covered twice", () => {
    expect(missingRegions(lines, [region()], false)).toEqual([{ ...DATE, frame: null }]);
    expect(missingRegions(lines, [region({ frame: 29 })], true)).toEqual([NAME, DATE]);
  });
});
