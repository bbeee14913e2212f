import { describe, expect, it } from "vitest";
import {
  across,
  down,
  fitToPane,
  keepInSight,
  oneToOne,
  panBy,
  placeView,
  rectangleToPane,
  SQUARE,
  toImage,
  toPane,
  viewOf,
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
    const transform = { scale: 1.7, pixel: SQUARE, x: -33, y: 12.5 };
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
    const tiny = { scale: 0.001, pixel: SQUARE, x: 0, y: 0 };
    expect(zoomAt(tiny, { x: 0, y: 0 }, 0.5, image, pane).scale).toBe(0.001);
  });

  it("never lets the image leave the pane", () => {
    const lost = panBy(fitToPane(image, pane), 1e6, -1e6, image, pane);
    expect(lost.x).toBe(pane.width - 48);
    const bottom = toPane(lost, { x: 0, y: image.height });
    expect(bottom.y).toBeCloseTo(48);
    expect(keepInSight({ scale: 1, pixel: SQUARE, x: 20, y: 20 }, image, pane)).toEqual({
      scale: 1,
      pixel: SQUARE,
      x: 20,
      y: 20,
    });
  });

  it("maps a region that reaches beyond the image", () => {
    const region = { x: 0, y: -80, width: 640, height: 640 };
    const shown = rectangleToPane({ scale: 0.5, pixel: SQUARE, x: 10, y: 60 }, region);
    expect(shown).toEqual({ x: 10, y: 20, width: 320, height: 320 });
  });
});

it("puts one image pixel on one device pixel, never between two", () => {
  const odd = { width: 641, height: 480 };
  const { x, y } = oneToOne(odd, pane, 1.5);
  expect([x * 1.5, y * 1.5].map((offset) => offset % 1)).toEqual([0, 0]);
});

describe("pixels that are not square", () => {
  /** Twice as wide as high: 400 columns and 600 rows look 800 wide and 600 high. */
  const pixel = { across: 2, down: 1 };
  const raster = { width: 400, height: 600, pixel };

  it("fit in their true shape", () => {
    expect(fitToPane(raster, pane, 0)).toEqual({ scale: 1, pixel, x: 0, y: 0 });
    const tall = { width: 400, height: 100, pixel: { across: 1, down: 3 } };
    const { scale, x, y } = fitToPane(tall, pane, 0);
    expect([scale, x, y]).toEqual([2, 0, 0]);
  });

  it("give lengths, rectangles and points in both directions their own scale", () => {
    const transform = { scale: 1.5, pixel, x: -20, y: 30 };
    expect(toPane(transform, { x: 100, y: 50 })).toEqual({ x: 280, y: 105 });
    expect(toImage(transform, { x: 280, y: 105 })).toEqual({ x: 100, y: 50 });
    const square = { x: 10, y: 20, width: 30, height: 60 };
    expect(rectangleToPane(transform, square)).toEqual({ x: 10, y: 60, width: 90, height: 90 });
  });

  it("leave none out at one to one", () => {
    const transform = oneToOne(raster, pane, 2);
    expect([across(transform) * 2, down(transform) * 2]).toEqual([2, 1]);
    expect(zoomPercent(transform, 2)).toBe(100);
  });

  it("keep the point under the cursor, and the view, in both directions", () => {
    const anchor = { x: 260, y: 190 };
    const start = fitToPane(raster, pane);
    const zoomed = zoomAt(start, anchor, 2.5, raster, pane);
    const [before, after] = [toImage(start, anchor), toImage(zoomed, anchor)];
    expect(after.x).toBeCloseTo(before.x);
    expect(after.y).toBeCloseTo(before.y);
    const again = placeView(viewOf(zoomed, raster, pane), raster, pane);
    expect(again.x).toBeCloseTo(zoomed.x);
    expect(again.y).toBeCloseTo(zoomed.y);
    expect(again).toMatchObject({ pixel, scale: zoomed.scale });
  });

  it("stay in sight by their true width", () => {
    const lost = panBy(fitToPane(raster, pane), -1e6, 0, raster, pane);
    expect(toPane(lost, { x: raster.width, y: 0 }).x).toBeCloseTo(48);
  });
});
