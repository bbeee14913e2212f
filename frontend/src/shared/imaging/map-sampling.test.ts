import { describe, expect, it } from "vitest";
import {
  cellAt,
  gridFromRows,
  largestValue,
  rangeOf,
  resample,
  sampleSmooth,
  valueAt,
} from "./map-sampling";

const grid = gridFromRows([
  [0, 1, 2],
  [3, 4, 5],
]);

describe("maps", () => {
  it("are read from rows", () => {
    expect(grid).toMatchObject({ rows: 2, columns: 3 });
    expect([...grid.values]).toEqual([0, 1, 2, 3, 4, 5]);
    expect(largestValue(grid)).toBe(5);
  });

  it("say which row is ragged", () => {
    expect(() => gridFromRows([[1, 2], [3]])).toThrow("Row 1 of the map has 1 values, not 2.");
  });

  it("find the cell under a point through the region", () => {
    const region = { x: -10, y: 20, width: 300, height: 200 };
    expect(cellAt(grid, region, { x: -10, y: 20 })).toEqual({ row: 0, column: 0 });
    expect(cellAt(grid, region, { x: 200, y: 130 })).toEqual({ row: 1, column: 2 });
    expect(cellAt(grid, region, { x: 290, y: 130 })).toBeNull();
    expect(cellAt(grid, region, { x: 0, y: 19.9 })).toBeNull();
    expect(valueAt(grid, { row: 1, column: 2 })).toBe(5);
  });

  it("go through every value and are linear where the values are", () => {
    const range = rangeOf(grid);
    expect(range).toEqual({ min: 0, max: 5 });
    expect(sampleSmooth(grid, range, 0.5 / 3, 0.25)).toBeCloseTo(0);
    expect(sampleSmooth(grid, range, 1.5 / 3, 0.75)).toBeCloseTo(4);
    expect(sampleSmooth(grid, range, 0.5, 0.5)).toBeCloseTo(2.5);
    const line = gridFromRows([[0, 1, 2, 3, 4, 5]]);
    expect(sampleSmooth(line, rangeOf(line), 3 / 6, 0.5)).toBeCloseTo(2.5);
    expect(sampleSmooth(line, rangeOf(line), 2.75 / 6, 0.5)).toBeCloseTo(2.25);
  });

  it("hold the edge value outside the outermost centres", () => {
    expect(sampleSmooth(grid, rangeOf(grid), 0, 0)).toBe(0);
    expect(sampleSmooth(grid, rangeOf(grid), 1, 1)).toBe(5);
  });

  it("do not overshoot beside a peak", () => {
    const peak = gridFromRows([[0, 0, 1, 1, 0, 0]]);
    const result = resample(peak, 60, 1, "smooth");
    expect(Math.min(...result)).toBe(0);
    expect(Math.max(...result)).toBe(1);
  });

  it("are resampled as blocks when nearest", () => {
    expect([...resample(grid, 6, 2, "nearest")]).toEqual([0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
  });

  it("never leave the range of the values when smooth", () => {
    const result = resample(grid, 31, 17, "smooth");
    expect(Math.min(...result)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...result)).toBeLessThanOrEqual(5);
    expect(result).toHaveLength(31 * 17);
  });
});
