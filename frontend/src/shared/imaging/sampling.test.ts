import { describe, expect, it } from "vitest";
import { makeDisplay, makeRendering } from "../testing/value-server";
import { isOneToOne, type Sight, samplingFor } from "./sampling";
import { fitToPane, oneToOne, type Raster, rectangleToPane, SQUARE, zoomAt } from "./transform";
import { paintFrame, paintSampled, samplesOf, type ValueFrame } from "./value-frame";
import { brightnessTable } from "./value-window";

const WIDTH = 1600;
const HEIGHT = 1200;
const IMAGE: Raster = { width: WIDTH, height: HEIGHT };
const PANE = { width: 416, height: 316 };
const MIDDLE = { x: 208, y: 158 };

function sightOf(changes: Partial<Sight> = {}): Sight {
  return { transform: fitToPane(IMAGE, PANE), pane: PANE, ratio: 1, hurried: true, ...changes };
}

/** Every pixel has another value than its neighbours. */
function frameOf(samples: number): ValueFrame {
  const count = WIDTH * HEIGHT * samples;
  const data = samples === 3 ? new Uint8Array(count) : new Uint16Array(count);
  for (let at = 0; at < count; at++) {
    data[at] = (at * 37 + (at >> 7) * 11) % 4096;
  }
  return { number: 0, width: WIDTH, height: HEIGHT, data };
}

/** The reference, and what is painted for this sight. */
function bothWays(values: "grey" | "colour", sight: Sight) {
  const display = makeDisplay(
    values === "colour" ? { values, bytes_per_value: 1, intercept: 0 } : {},
  );
  const samples = samplesOf(display);
  const table = brightnessTable(display, makeRendering({ window: { center: 700, width: 3000 } }));
  const frame = frameOf(samples);
  const reference = new Uint32Array(WIDTH * HEIGHT);
  paintFrame(frame, samples, table, reference);
  const sampling = samplingFor(IMAGE, sight);
  if (!sampling) {
    throw new Error("The whole image is painted.");
  }
  const { columns, rows } = sampling;
  const painted = new Uint32Array(columns.length * rows.length);
  paintSampled(frame, samples, table, sampling, painted);
  const expected = [...rows].flatMap((row) =>
    [...columns].map((column) => reference[row * WIDTH + column] as number),
  );
  return { sampling, painted: [...painted], expected };
}

const ZOOMED = [
  ["one to one", oneToOne(IMAGE, PANE, 1)],
  ["2.7 times", zoomAt(oneToOne(IMAGE, PANE, 1), MIDDLE, 2.7, IMAGE, PANE)],
  ["12 times", zoomAt(oneToOne(IMAGE, PANE, 1), MIDDLE, 12, IMAGE, PANE)],
] as const;

describe("one to one and closer", () => {
  for (const values of ["grey", "colour"] as const) {
    it.each(ZOOMED)(
      `${values}, %s: every pixel that is seen is the reference's`,
      (_, transform) => {
        const sight = sightOf({ transform });
        const { sampling, painted, expected } = bothWays(values, sight);
        expect(painted).toEqual(expected);
        expect(new Set(painted).size).toBeGreaterThan(100);
        const { columns, rows, covers, exact } = sampling;
        expect(exact).toBe(true);
        expect(covers).toEqual({
          ...{ x: columns[0], y: rows[0] },
          ...{ width: columns.length, height: rows.length },
        });
        expect(columns.every((column, at) => column === covers.x + at)).toBe(true);
        expect(rows.every((row, at) => row === covers.y + at)).toBe(true);
        const place = rectangleToPane(transform, covers);
        expect(Math.max(place.x, place.y)).toBeLessThanOrEqual(0);
        expect(place.x + place.width).toBeGreaterThanOrEqual(PANE.width);
        expect(place.y + place.height).toBeGreaterThanOrEqual(PANE.height);
      },
    );
  }

  it("is the same whether something is dragged or not", () => {
    const transform = oneToOne(IMAGE, PANE, 1.1);
    const sight = sightOf({ transform, ratio: 1.1 });
    expect(samplingFor(IMAGE, sight)).toEqual(samplingFor(IMAGE, { ...sight, hurried: false }));
    expect(samplingFor(IMAGE, sight)?.exact).toBe(true);
    expect(isOneToOne(transform, 1.1)).toBe(true);
  });

  it("is the same part for small moves", () => {
    const transform = { scale: 1, pixel: SQUARE, x: -300, y: -300 };
    const moved = { ...transform, x: -310 };
    expect(samplingFor(IMAGE, sightOf({ transform }))?.covers).toEqual(
      samplingFor(IMAGE, sightOf({ transform: moved }))?.covers,
    );
  });
});

describe("smaller than one to one", () => {
  it("is the whole image, but while something is dragged", () => {
    expect(samplingFor(IMAGE, sightOf({ hurried: false }))).toBeNull();
    expect(samplingFor(IMAGE, sightOf())?.exact).toBe(false);
  });

  it("has the value under each device pixel", () => {
    // A quarter: 400 by 300 CSS pixels from 8, 8; two device pixels each.
    const sight = sightOf({ ratio: 2 });
    const { sampling, painted, expected } = bothWays("grey", sight);
    expect([sampling.columns.length, sampling.rows.length]).toEqual([800, 600]);
    expect([...sampling.columns.slice(0, 3)]).toEqual([1, 3, 5]);
    expect(sampling.rows.at(-1)).toBe(1199);
    expect(painted).toEqual(expected);
    expect(rectangleToPane(sight.transform, sampling.covers)).toEqual({
      ...{ x: 8, y: 8 },
      ...{ width: 400, height: 300 },
    });
  });

  it("lies on whole device pixels where the image does not", () => {
    const transform = { scale: 0.25, pixel: SQUARE, x: 7.3, y: -20.8 };
    const sampling = samplingFor(IMAGE, sightOf({ transform }));
    const place = sampling && rectangleToPane(transform, sampling.covers);
    expect(place?.x).toBeCloseTo(7);
    expect(place?.y).toBeCloseTo(0);
    // The middle of the first row of device pixels, 0.5, is 21.3 below the image's top.
    expect(sampling?.rows[0]).toBe(Math.floor(21.3 / 0.25));
    expect(sampling?.columns[0]).toBe(Math.floor(0.2 / 0.25));
  });

  it("follows pixels that are not square", () => {
    const raster = { ...IMAGE, pixel: { across: 1, down: 2 } };
    const transform = fitToPane(raster, PANE);
    const sampling = samplingFor(raster, sightOf({ transform }));
    expect([sampling?.columns.length, sampling?.rows.length]).toEqual([200, 300]);
    expect([sampling?.columns[1], sampling?.rows[1]]).toEqual([12, 6]);
  });

  it("gains nothing for a small image, or beside it", () => {
    const small = { width: 512, height: 512 };
    expect(samplingFor(small, sightOf({ transform: fitToPane(small, PANE) }))).toBeNull();
    const transform = { scale: 0.25, pixel: SQUARE, x: 2000, y: 0 };
    expect(samplingFor(IMAGE, sightOf({ transform }))).toBeNull();
  });
});
