import { describe, expect, it } from "vitest";
import {
  cellAtPoint,
  cellOf,
  cellsBetween,
  disc,
  isLeftOut,
  painted,
  patchAt,
  patchesOnImage,
  patchOf,
  patchRectangle,
  rectangleBetween,
  sameSet,
  strokeBetween,
} from "./paint";

/** 400 × 200 pixels with padding above and below: patches of 100 pixels, the middle two rows on the image. */
const IMAGE = { width: 400, height: 200 };
const SQUARE = { grid: [4, 4], region: { x: 0, y: -100, width: 400, height: 400 } } as const;
const GRID = [10, 12] as const;

describe("patches", () => {
  it("are found under a point of the image, and not beside the grid", () => {
    expect(patchAt(SQUARE, { x: 0, y: 0 })).toBe(4);
    expect(patchAt(SQUARE, { x: 399.9, y: 199.9 })).toBe(11);
    expect(patchAt(SQUARE, { x: 250, y: -50 })).toBe(2);
    expect(patchAt(SQUARE, { x: 400, y: 50 })).toBeNull();
    expect(patchAt(SQUARE, { x: 10, y: -101 })).toBeNull();
    expect(cellAtPoint(SQUARE, { x: -150, y: 0 })).toEqual({ row: 1, column: -2 });
  });

  it("are numbered row by row, there and back", () => {
    for (const patch of [0, 11, 12, 119]) {
      expect(patchOf(GRID, cellOf(GRID, patch))).toBe(patch);
    }
    expect(patchOf(GRID, { row: 9, column: 12 })).toBeNull();
    expect(patchOf(GRID, { row: -1, column: 3 })).toBeNull();
  });

  it("lie where the model has seen them", () => {
    const place = { x: 100, y: 0, width: 100, height: 100 };
    expect(patchRectangle(SQUARE, { row: 1, column: 1 })).toEqual(place);
  });

  it("of the padding do not count, those that overlap the image a little do", () => {
    expect([...patchesOnImage(SQUARE, IMAGE)]).toEqual([4, 5, 6, 7, 8, 9, 10, 11]);
    const shifted = { ...SQUARE, region: { ...SQUARE.region, y: -95 } };
    expect(patchesOnImage(shifted, IMAGE).size).toBe(12);
  });
});

describe("brush", () => {
  it("is one patch, nine, or round", () => {
    expect(disc(GRID, { row: 5, column: 5 }, 0)).toEqual([65]);
    expect(disc(GRID, { row: 5, column: 5 }, 1)).toHaveLength(9);
    expect(disc(GRID, { row: 5, column: 5 }, 2)).toHaveLength(21);
  });

  it("is cut off at the edge of the grid", () => {
    expect(disc(GRID, { row: 0, column: 0 }, 1)).toEqual([0, 1, 12, 13]);
    expect(disc(GRID, { row: -3, column: 0 }, 1)).toEqual([]);
  });

  it("leaves no gap, however far apart two places are", () => {
    for (const to of [
      { row: 9, column: 11 },
      { row: 2, column: 11 },
      { row: 9, column: 1 },
      { row: 0, column: 0 },
    ]) {
      const cells = cellsBetween({ row: 4, column: 3 }, to);
      expect(cells[0]).toEqual({ row: 4, column: 3 });
      expect(cells.at(-1)).toEqual(to);
      cells.slice(1).forEach((cell, at) => {
        const before = cells[at];
        expect(Math.abs(cell.row - (before?.row ?? 99))).toBeLessThanOrEqual(1);
        expect(Math.abs(cell.column - (before?.column ?? 99))).toBeLessThanOrEqual(1);
      });
    }
    expect(cellsBetween({ row: 1, column: 1 }, { row: 1, column: 1 })).toHaveLength(1);
  });

  it("covers its width on the way, also from beside the grid", () => {
    const covered = strokeBetween(GRID, { row: 5, column: -4 }, { row: 5, column: 2 }, 1);
    expect(
      sameSet(covered, rectangleBetween(GRID, { row: 4, column: 0 }, { row: 6, column: 3 })),
    ).toBe(true);
  });
});

describe("rectangle", () => {
  it("takes every patch it touches, from any corner", () => {
    const wanted = [13, 14, 25, 26];
    expect([...rectangleBetween(GRID, { row: 1, column: 1 }, { row: 2, column: 2 })]).toEqual(
      wanted,
    );
    expect([...rectangleBetween(GRID, { row: 2, column: 1 }, { row: 1, column: 2 })]).toEqual(
      wanted,
    );
  });

  it("is cut off at the grid, and empty beside it", () => {
    expect(rectangleBetween(GRID, { row: -5, column: -5 }, { row: 99, column: 99 }).size).toBe(120);
    expect(rectangleBetween(GRID, { row: -5, column: 0 }, { row: -1, column: 4 }).size).toBe(0);
  });
});

describe("painting", () => {
  const allowed = new Set([4, 5, 6, 7]);

  it("adds only what is allowed, and leaves the set before alone", () => {
    const before = new Set([4]);
    expect([...painted(before, [5, 1, 6], false, allowed)]).toEqual([4, 5, 6]);
    expect([...before]).toEqual([4]);
  });

  it("takes away", () => {
    expect([...painted(new Set([4, 5, 6]), [5, 9], true, allowed)]).toEqual([4, 6]);
  });

  it("compares sets", () => {
    expect(sameSet(new Set([1, 2]), new Set([2, 1]))).toBe(true);
    expect(sameSet(new Set([1, 2]), new Set([1, 3]))).toBe(false);
    expect(sameSet(new Set([1]), new Set([1, 3]))).toBe(false);
  });

  it("leaves out what is outside, or inside, and nothing while nothing is painted", () => {
    const region = { ...SQUARE, patches: new Set([5]) };
    expect(isLeftOut({ ...region, keep: "inside" }, 4)).toBe(true);
    expect(isLeftOut({ ...region, keep: "inside" }, 5)).toBe(false);
    expect(isLeftOut({ ...region, keep: "outside" }, 5)).toBe(true);
    expect(isLeftOut({ ...region, keep: "outside" }, 4)).toBe(false);
    expect(isLeftOut({ ...region, patches: new Set(), keep: "inside" }, 4)).toBe(false);
  });
});
