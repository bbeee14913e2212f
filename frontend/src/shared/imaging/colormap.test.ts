import { describe, expect, it } from "vitest";
import { COLORMAPS, codeColor, colormapColor, colormapGradient, colormapTable } from "./colormap";

describe("colormaps", () => {
  it("have 256 colours each", () => {
    for (const { name } of COLORMAPS) {
      expect(colormapTable(name)).toHaveLength(768);
    }
  });

  // End points and middles as matplotlib gives them (bytes=True).
  it.each([
    ["viridis", 0, [68, 1, 84]],
    ["viridis", 128 / 255, [32, 144, 140]],
    ["viridis", 1, [253, 231, 36]],
    ["jet", 0, [0, 0, 127]],
    ["jet", 1, [127, 0, 0]],
    ["gray", 100 / 255, [100, 100, 100]],
  ] as const)("%s at %f is matplotlib's colour", (name, share, expected) => {
    colormapColor(name, share).forEach((value, channel) => {
      expect(Math.abs(value - (expected[channel] as number))).toBeLessThanOrEqual(1);
    });
  });

  it.each(["viridis", "cividis", "inferno", "gray"] as const)("%s only gets brighter", (name) => {
    let last = -1;
    for (let step = 0; step <= 20; step++) {
      const [r, g, b] = colormapColor(name, step / 20);
      const brightness = 0.2126 * r + 0.7152 * g + 0.0722 * b;
      expect(brightness).toBeGreaterThan(last);
      last = brightness;
    }
  });

  it("clamps outside values and writes a gradient", () => {
    expect(colormapColor("viridis", -4)).toEqual(colormapColor("viridis", 0));
    expect(colormapColor("viridis", 7)).toEqual(colormapColor("viridis", 1));
    expect(colormapGradient("gray")).toMatch(
      /^linear-gradient\(to right, rgb\(0 0 0\), .*255\)\)$/,
    );
  });

  it("gives many codes different colours", () => {
    const seen = new Set(Array.from({ length: 70 }, (_, index) => codeColor(index).join()));
    expect(seen.size).toBe(70);
    for (let index = 0; index < 200; index++) {
      for (const value of codeColor(index)) {
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(255);
      }
    }
  });
});
