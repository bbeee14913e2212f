import { describe, expect, it } from "vitest";
import { codeColor, colormapColor } from "../../../shared/imaging/colormap";
import { gridFromRows } from "../../../shared/imaging/map-sampling";
import { fade, type LayerPixels } from "../../../shared/imaging/value-pixels";
import { isEmptyMap, layerPixels, type MapLayer } from "./overlay";

function layer(rows: number[][], overrides: Partial<MapLayer> = {}): MapLayer {
  return {
    id: "x",
    kind: "gradcam",
    kindLabel: "Grad-CAM",
    title: "oval",
    onPath: true,
    grid: gridFromRows(rows),
    region: { x: 0, y: 0, width: 10, height: 10 },
    maximum: Math.max(...rows.flat()),
    scaleNote: "",
    formatValue: String,
    ...overrides,
  };
}

function pixel({ rgba, width }: LayerPixels, x: number, y: number): number[] {
  const at = 4 * (y * width + x);
  return [...rgba.slice(at, at + 4)];
}

describe("layer pixels", () => {
  it("give the largest value the last colour and the smallest the first", () => {
    const pixels = layerPixels(layer([[0, 8]]), "viridis", false);
    expect(pixels).toMatchObject({ width: 32, height: 16 });
    expect(pixel(pixels, 31, 8)).toEqual([...colormapColor("viridis", 1), 255]);
    expect(pixel(pixels, 0, 8)).toEqual([...colormapColor("viridis", 0), 255]);
  });

  it("fade low values only when asked to", () => {
    const map = layer([[0, 8]]);
    expect(pixel(layerPixels(map, "viridis", true), 0, 0)[3]).toBe(0);
    expect(pixel(layerPixels(map, "viridis", true), 31, 0)[3]).toBe(255);
    expect(pixel(layerPixels(map, "viridis", false), 0, 0)[3]).toBe(255);
  });

  it("fade without a step", () => {
    expect(fade(0)).toBe(0);
    expect(fade(0.05)).toBe(0);
    expect(fade(0.225)).toBeCloseTo(0.5);
    expect(fade(0.4)).toBe(1);
    expect(fade(1)).toBe(1);
  });

  it("keep a common scale: a weak map stays weak", () => {
    const weak = layerPixels(layer([[0.1]], { maximum: 1, kind: "magnet" }), "gray", false);
    expect(pixel(weak, 3, 3)[0]).toBe(26);
  });

  it("show nothing for a map without positive values", () => {
    const empty = layer([[0, 0]]);
    expect(isEmptyMap(empty)).toBe(true);
    expect(layerPixels(empty, "jet", false).rgba.every((value) => value === 0)).toBe(true);
  });

  it("draw codes as blocks in their own colours", () => {
    const pixels = layerPixels(layer([[0, 3]], { kind: "index" }), "jet", true);
    expect(pixels).toMatchObject({ width: 2, height: 1 });
    expect(pixel(pixels, 0, 0)).toEqual([...codeColor(0), 255]);
    expect(pixel(pixels, 1, 0)).toEqual([...codeColor(3), 255]);
  });

  it("hide the other codes when one is highlighted", () => {
    const pixels = layerPixels(layer([[0, 3]], { kind: "index", highlight: 3 }), "jet", true);
    expect(pixel(pixels, 0, 0)[3]).toBe(0);
    expect(pixel(pixels, 1, 0)[3]).toBe(255);
  });

  it("stay within a bounded size for large grids", () => {
    const rows = Array.from({ length: 64 }, () => Array.from({ length: 64 }, () => 1));
    expect(layerPixels(layer(rows), "gray", false).width).toBe(512);
  });
});
