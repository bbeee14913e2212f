import { describe, expect, it } from "vitest";
import {
  applyWindow,
  confineWindow,
  IDENTITY,
  isIdentity,
  luminance,
  windowTable,
} from "./window-level";

function windowed(pixels: number[], window = IDENTITY): number[] {
  const source = new Uint8ClampedArray(pixels);
  const target = new Uint8ClampedArray(source.length);
  applyWindow(source, target, window);
  return [...target];
}

describe("window and level", () => {
  it("changes nothing at 128 / 256", () => {
    expect([...windowTable(IDENTITY)]).toEqual(Array.from({ length: 256 }, (_, value) => value));
    expect(isIdentity(IDENTITY)).toBe(true);
    expect(windowed([12, 200, 77, 255])).toEqual([12, 200, 77, 255]);
  });

  it("is a ramp between black and white", () => {
    const table = windowTable({ level: 100, width: 50, invert: false });
    expect(table[75]).toBe(0);
    expect(table[10]).toBe(0);
    expect(table[124]).toBe(255);
    expect(table[250]).toBe(255);
    for (let value = 1; value < 256; value++) {
      expect(table[value] as number).toBeGreaterThanOrEqual(table[value - 1] as number);
    }
  });

  it("inverts", () => {
    const table = windowTable({ ...IDENTITY, invert: true });
    expect(table[0]).toBe(255);
    expect(table[255]).toBe(0);
    expect(isIdentity({ ...IDENTITY, invert: true })).toBe(false);
  });

  it("gives a grey image exactly the table", () => {
    const window = { level: 90, width: 120, invert: true };
    const table = windowTable(window);
    for (const value of [0, 31, 90, 144, 255]) {
      const expected = table[value] as number;
      expect(windowed([value, value, value, 255], window)).toEqual([
        expected,
        expected,
        expected,
        255,
      ]);
    }
  });

  it("keeps the colour differences of an RGB image", () => {
    const [r, g, b, a] = windowed([150, 110, 90, 255], { level: 110, width: 200, invert: false });
    expect((r as number) - (g as number)).toBe(40);
    expect((g as number) - (b as number)).toBe(20);
    expect(a).toBe(255);
  });

  it("has a luminance that leaves grey alone", () => {
    for (let value = 0; value < 256; value++) {
      expect(luminance(value, value, value)).toBe(value);
    }
  });

  it("confines to what the sliders offer", () => {
    expect(confineWindow({ level: -7, width: 0.4, invert: true })).toEqual({
      level: 0,
      width: 2,
      invert: true,
    });
    expect(confineWindow({ level: 999, width: 9999, invert: false })).toEqual({
      level: 255,
      width: 512,
      invert: false,
    });
  });
});
