import { describe, expect, it } from "vitest";
import { joinPoints, nextPlace, toneOf, valueRange } from "./line-chart-data";

describe("points of several lines", () => {
  it("are put on common positions, in order, with gaps where a line has none", () => {
    const joined = joinPoints([
      {
        key: "a",
        label: "A",
        points: [
          { x: 2, y: 0.2 },
          { x: 1, y: 0.1 },
        ],
      },
      {
        key: "b",
        label: "B",
        points: [
          { x: 2, y: null },
          { x: 3, y: 0.3 },
        ],
      },
    ]);
    expect(joined.xs).toEqual([1, 2, 3]);
    expect(joined.columns).toEqual([
      [0.1, 0.2, null],
      [null, null, 0.3],
    ]);
  });

  it("give a scale with air, never below zero for what never is", () => {
    expect(valueRange([1, 2], undefined)).toEqual([0.94, 2.06]);
    expect(valueRange([0, 1], undefined)[0]).toBe(0);
    expect(valueRange([-1, 1], undefined)[0]).toBeLessThan(-1);
  });

  it("give a scale around a flat line, for none at all, and the one that is asked for", () => {
    const [low, high] = valueRange([0.5, null], undefined);
    expect(low).toBeLessThan(0.5);
    expect(high).toBeGreaterThan(0.5);
    expect(valueRange([null], undefined)).toEqual([0, 1]);
    expect(valueRange([5], [0, 1])).toEqual([0, 1]);
  });
});

describe("stepping through positions", () => {
  it("goes one by one and to the ends, and stays within", () => {
    expect(nextPlace("ArrowLeft", 3, 5)).toBe(2);
    expect(nextPlace("ArrowRight", 4, 5)).toBe(4);
    expect(nextPlace("ArrowLeft", 0, 5)).toBe(0);
    expect(nextPlace("PageDown", 3, 5)).toBe(0);
    expect(nextPlace("Home", 3, 5)).toBe(0);
    expect(nextPlace("End", 0, 5)).toBe(4);
  });

  it("leaves other keys alone, and all where there is nothing", () => {
    expect(nextPlace("Tab", 0, 5)).toBeNull();
    expect(nextPlace("End", 0, 0)).toBeNull();
  });
});

describe("tones", () => {
  it("are by place unless one is named, and differ in colour and mark", () => {
    expect(toneOf({}, 1)).toEqual(toneOf({ tone: 1 }, 5));
    const marks = [0, 1, 2, 3, 4, 5].map((place) => toneOf({}, place));
    expect(new Set(marks.map(({ shape }) => shape)).size).toBe(6);
    expect(new Set(marks.map(({ colour }) => colour)).size).toBe(6);
  });
});
