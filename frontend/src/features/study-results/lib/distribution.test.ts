import { describe, expect, it } from "vitest";
import { segmentsOf } from "./distribution";

describe("a distribution of ratings", () => {
  it("lies around the middle of the middle rating", () => {
    const segments = segmentsOf([1, 1, 2, 3, 3]);
    expect(segments.map(({ rating, share }) => [rating, share])).toEqual([
      [1, 0.1],
      [2, 0.1],
      [3, 0.2],
      [4, 0.3],
      [5, 0.3],
    ]);
    // Two below and half of the middle: 0.3 to the left, 0.7 to the right.
    expect(segments[0]?.from).toBeCloseTo(-0.3);
    expect(segments[2]?.from).toBeCloseTo(-0.1);
    expect(segments[2]?.to).toBeCloseTo(0.1);
    expect(segments[4]?.to).toBeCloseTo(0.7);
  });

  it("lies on one side where all say the same", () => {
    expect(segmentsOf([4, 0, 0, 0, 0])[0]).toMatchObject({ from: -1, to: 0, count: 4 });
    expect(segmentsOf([0, 0, 0, 0, 2])[4]).toMatchObject({ from: 0, to: 1 });
  });

  it("is nothing without ratings", () => {
    expect(segmentsOf([0, 0, 0, 0, 0])).toEqual([]);
  });
});
