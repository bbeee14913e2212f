import { describe, expect, it } from "vitest";
import { mapValues } from "./map-picture";

describe("the values of a map", () => {
  it("are bytes, row by row, as shares of the map's own range", () => {
    const values = btoa(String.fromCharCode(0, 51, 102, 255, 0, 204));
    expect([...mapValues({ width: 3, height: 2, values })]).toEqual(
      [0, 0.2, 0.4, 1, 0, 0.8].map(Math.fround),
    );
  });

  it("must be as many as the map has cells", () => {
    expect(() => mapValues({ width: 3, height: 2, values: btoa("abcde") })).toThrow(
      "The map has 5 values, not 3 × 2.",
    );
  });
});
