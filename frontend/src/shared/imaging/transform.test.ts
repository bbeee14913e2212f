import { describe, expect, it } from "vitest";
import {
  fitToPane,
  keepInSight,
  oneToOne,
  panBy,
  rectangleToPane,
  toImage,
  toPane,
  zoomAt,
  zoomPercent,
} from "./transform";

const image = { width: 640, height: 480 };
const pane = { width: 800, height: 600 };

describe("transform", () => {
  it("fits the limiting side and centres the other", () => {
    const wide = fitToPane({ width: 1000, height: 100 }, pane, 0);
    expect(wide.scale).toBeCloseTo(0.8);
    expect(wide.x).toBeCloseTo(0);
    expect(wide.y).toBeCloseTo((600 - 80) / 2);
  });

  it("leaves a margin around a fitted image", () => {
    const { scale, x, y } = fitToPane(image, pane, 10);
    expect(Math.min(x, y)).toBeCloseTo(10);
    expect(image.width * scale).toBeLessThanOrEqual(pane.width - 20 + 1e-9);
  });

  it("goes to the pane and back", () => {
    const transform = { scale: 1.7, x: -33, y: 12.5 };
    const there = toPane(transform, { x: 100, y: 50 });
    const back = toImage(transform, there);
    expect(back.x).toBeCloseTo(100);
    expect(back.y).toBeCloseTo(50);
  });

  it("puts one image pixel on one device pixel", () => {
    const transform = oneToOne(image, pane, 2);
    expect(transform.scale).toBe(0.5);
    expect(zoomPercent(transform, 2)).toBe(100);
    expect(toPane(transform, { x: 320, y: 240 })).toEqual({ x: 400, y: 300 });
  });

  it("keeps the point under the cursor while zooming", () => {
    const start = fitToPane(image, pane);
    const anchor = { x: 260, y: 190 };
    const before = toImage(start, anchor);
    const after = toImage(zoomAt(start, anchor, 2.5, image, pane), anchor);
    expect(after.x).toBeCloseTo(before.x);
    expect(after.y).toBeCloseTo(before.y);
  });

  it("zooming in and out again returns to the start", () => {
    const start = fitToPane(image, pane);
    const anchor = { x: 400, y: 300 };
    const there = zoomAt(start, anchor, 1.25, image, pane);
    const back = zoomAt(there, anchor, 1 / 1.25, image, pane);
    expect(back.scale).toBeCloseTo(start.scale);
    expect(back.x).toBeCloseTo(start.x);
  });

  it("limits zoom on both sides", () => {
    const start = fitToPane(image, pane);
    const anchor = { x: 400, y: 300 };
    expect(zoomAt(start, anchor, 1e9, image, pane).scale).toBe(40);
    expect(zoomAt(start, anchor, 1e-9, image, pane).scale).toBeCloseTo(start.scale / 4);
  });

  it("does not jump when the scale is already outside the limits", () => {
    const tiny = { scale: 0.001, x: 0, y: 0 };
    expect(zoomAt(tiny, { x: 0, y: 0 }, 0.5, image, pane).scale).toBe(0.001);
  });

  it("never lets the image leave the pane", () => {
    const lost = panBy(fitToPane(image, pane), 1e6, -1e6, image, pane);
    expect(lost.x).toBe(pane.width - 48);
    const bottom = toPane(lost, { x: 0, y: image.height });
    expect(bottom.y).toBeCloseTo(48);
    expect(keepInSight({ scale: 1, x: 20, y: 20 }, image, pane)).toEqual({
      scale: 1,
      x: 20,
      y: 20,
    });
  });

  it("maps a region that reaches beyond the image", () => {
    const region = { x: 0, y: -80, width: 640, height: 640 };
    const shown = rectangleToPane({ scale: 0.5, x: 10, y: 60 }, region);
    expect(shown).toEqual({ x: 10, y: 20, width: 320, height: 320 });
  });
});
