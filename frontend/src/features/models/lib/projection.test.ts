import { describe, expect, it } from "vitest";
import {
  FIRST_VIEW,
  frameOf,
  normalized,
  type Place,
  pick,
  project,
  turn,
  turned,
  viewAfterKey,
  zoomBy,
} from "./projection";

const FRONT = { yaw: 0, pitch: 0, zoom: 1 };

describe("turning", () => {
  it("keeps lengths", () => {
    const place: Place = [0.3, -0.7, 0.2];
    const view = { yaw: 1.1, pitch: -0.4, zoom: 1 };
    expect(Math.hypot(...turned(place, view))).toBeCloseTo(Math.hypot(...place), 12);
  });

  it("brings the right side to the front in a quarter of a turn", () => {
    const [x, y, z] = turned([0, 0, 1], { ...FRONT, yaw: Math.PI / 2 });
    expect([x, y, z]).toEqual([
      expect.closeTo(1, 12),
      expect.closeTo(0, 12),
      expect.closeTo(0, 12),
    ]);
  });

  it("stops at the pole", () => {
    expect(turn(FRONT, 0, 9).pitch).toBeCloseTo(Math.PI / 2, 12);
    expect(turn(FRONT, 0, -9).pitch).toBeCloseTo(-Math.PI / 2, 12);
  });
});

describe("the frame", () => {
  it("puts the centre at zero and the cloud within one radius", () => {
    const places: Place[] = [
      [1, 2, 3],
      [3, 2, 3],
    ];
    expect(normalized(places, frameOf(places))).toEqual([
      [-1, 0, 0],
      [1, 0, 0],
    ]);
  });

  it("copes with one place and with none", () => {
    expect(normalized([[5, 5, 5]], frameOf([[5, 5, 5]]))).toEqual([[0, 0, 0]]);
    expect(frameOf([])).toEqual({ centre: [0, 0, 0], radius: 1 });
  });
});

describe("projection", () => {
  it("puts the centre in the middle and up above it", () => {
    expect(project([0, 0, 0], FRONT, 200, 100)).toMatchObject({ x: 100, y: 50, scale: 1 });
    expect(project([0, 0.5, 0], FRONT, 200, 100).y).toBeLessThan(50);
  });

  it("draws what is near larger", () => {
    expect(project([0, 0, 1], FRONT, 100, 100).scale).toBeGreaterThan(1);
    expect(project([0, 0, -1], FRONT, 100, 100).scale).toBeLessThan(1);
  });
});

describe("picking", () => {
  const point = (x: number, y: number, depth = 0) => ({ x, y, depth, scale: 1 });

  it("takes the nearest within reach", () => {
    expect(pick([point(0, 0), point(8, 0), point(50, 0)], 6, 0, 10)).toBe(1);
    expect(pick([point(0, 0)], 30, 0, 10)).toBeNull();
  });

  it("takes the foremost of those at one place, and none that is hidden", () => {
    expect(pick([point(5, 5, -1), point(5, 5, 1)], 5, 5, 10)).toBe(1);
    expect(pick([point(5, 5, 1), point(5, 5, -1)], 5, 5, 10)).toBe(0);
    expect(pick([null, point(5, 5)], 5, 5, 10)).toBe(1);
  });
});

describe("keys", () => {
  it("turn, zoom and reset", () => {
    expect(viewAfterKey("ArrowRight", FRONT)?.yaw).toBeGreaterThan(0);
    expect(viewAfterKey("ArrowUp", FRONT)?.pitch).toBeGreaterThan(0);
    expect(viewAfterKey("+", FRONT)?.zoom).toBeGreaterThan(1);
    expect(viewAfterKey("-", FRONT)?.zoom).toBeLessThan(1);
    expect(viewAfterKey("0", zoomBy(FRONT, 3))).toEqual(FIRST_VIEW);
    expect(viewAfterKey("x", FRONT)).toBeNull();
  });

  it("do not zoom without end", () => {
    expect(zoomBy(FRONT, 1e9).zoom).toBe(12);
    expect(zoomBy(FRONT, 1e-9).zoom).toBe(0.4);
  });
});
