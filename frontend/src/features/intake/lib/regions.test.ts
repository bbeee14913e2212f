import { describe, expect, it } from "vitest";
import {
  boxBetween,
  grown,
  keyStep,
  MOST_REGIONS,
  moved,
  NO_REGIONS,
  newBox,
  type RegionsAction,
  reduceRegions,
  regionsIn,
  withNumber,
} from "./regions";

const SIZE = { width: 640, height: 480 };
const BOX = { x: 10, y: 20, width: 100, height: 40 };

const played = (...actions: RegionsAction[]) => actions.reduce(reduceRegions, NO_REGIONS);
const added = (frame: number | null = null): RegionsAction => ({ type: "add", box: BOX, frame });

describe("a rectangle", () => {
  it("covers every pixel that is touched, from whichever corner it is drawn", () => {
    const wanted = { x: 10, y: 20, width: 21, height: 11 };
    expect(boxBetween({ x: 10.7, y: 20.2 }, { x: 30.1, y: 30.9 }, SIZE)).toEqual(wanted);
    expect(boxBetween({ x: 30.1, y: 30.9 }, { x: 10.7, y: 20.2 }, SIZE)).toEqual(wanted);
  });

  it("stays inside the image, and is a pixel large at least", () => {
    const beyond = boxBetween({ x: -50, y: -9 }, { x: 9999, y: 9999 }, SIZE);
    expect(beyond).toEqual({ x: 0, y: 0, ...SIZE });
    const corner = boxBetween({ x: 640, y: 480 }, { x: 700, y: 500 }, SIZE);
    expect(corner).toEqual({ x: 639, y: 479, width: 1, height: 1 });
    expect(moved(BOX, { x: -100, y: 1000 }, SIZE)).toEqual({ ...BOX, x: 0, y: 440 });
    expect(grown(BOX, { x: 1000, y: -1000 }, SIZE)).toEqual({ ...BOX, width: 630, height: 1 });
  });

  it("takes numbers as far as the image allows", () => {
    expect(withNumber(BOX, "x", 5, SIZE)).toEqual({ ...BOX, x: 5 });
    expect(withNumber(BOX, "y", 9999, SIZE)).toEqual({ ...BOX, y: 440 });
    expect(withNumber(BOX, "width", 0, SIZE)).toEqual({ ...BOX, width: 1 });
    expect(withNumber(BOX, "height", 12.4, SIZE)).toEqual({ ...BOX, height: 12 });
  });

  it("begins in the middle, also in an image of one pixel", () => {
    expect(newBox(SIZE, 0)).toEqual({ x: 240, y: 220, width: 160, height: 40 });
    expect(newBox(SIZE, 1)).toMatchObject({ x: 246, y: 226 });
    expect(newBox({ width: 1, height: 1 }, 3)).toEqual({ x: 0, y: 0, width: 1, height: 1 });
    expect(keyStep({ width: 20, height: 10 })).toBe(1);
  });
});

describe("regions", () => {
  it("are taken back step by step, a whole movement at once", () => {
    const change = (x: number, gesture: string): RegionsAction => ({
      type: "change",
      id: 1,
      changes: { x },
      gesture,
    });
    const drawn = played(added(), change(11, "a"), change(12, "a"), change(13, "b"));
    expect(drawn.regions).toMatchObject([{ x: 13 }]);
    const once = reduceRegions(drawn, { type: "undo" });
    expect(once.regions).toMatchObject([{ x: 12 }]);
    const twice = reduceRegions(once, { type: "undo" });
    expect(twice.regions).toMatchObject([{ x: 10 }]);
    const thrice = reduceRegions(twice, { type: "undo" });
    expect(thrice.regions).toEqual([]);
    expect(reduceRegions(thrice, { type: "undo" })).toBe(thrice);
  });

  it("come back after they were removed", () => {
    const removed = played(added(), { type: "remove", id: 1 });
    expect(removed.regions).toEqual([]);
    expect(reduceRegions(removed, { type: "undo" }).regions).toHaveLength(1);
  });

  it("that do not change are no step", () => {
    const drawn = played(added());
    const same: RegionsAction = { type: "change", id: 1, changes: { x: 10 }, gesture: "a" };
    expect(reduceRegions(drawn, same)).toBe(drawn);
    expect(reduceRegions(drawn, { ...same, id: 7, changes: { x: 1 } })).toBe(drawn);
  });

  it("that cover several things at once are one step back", () => {
    const boxes = [BOX, { ...BOX, y: 90 }].map((box) => ({ ...box, frame: null }));
    const covered = played(added(3), { type: "cover", regions: boxes });
    expect(covered.regions.map(({ id, y, frame }) => [id, y, frame])).toEqual([
      [1, 20, 3],
      [2, 20, null],
      [3, 90, null],
    ]);
    expect(covered).toMatchObject({ selectedId: null, addedId: null, nextId: 4 });
    expect(reduceRegions(covered, { type: "undo" }).regions).toHaveLength(1);
    expect(reduceRegions(covered, { type: "cover", regions: [] })).toBe(covered);
    const many = Array.from({ length: MOST_REGIONS }, () => ({ ...BOX, frame: null }));
    expect(reduceRegions(covered, { type: "cover", regions: many }).regions).toHaveLength(
      MOST_REGIONS,
    );
  });

  it("are as many as the server takes", () => {
    const drawn = played(...Array.from({ length: MOST_REGIONS + 1 }, () => added()));
    expect(drawn.regions).toHaveLength(MOST_REGIONS);
  });

  it("belong to all frames or to one", () => {
    const { regions } = played(added(), added(2));
    expect(regionsIn(regions, 0).map(({ id }) => id)).toEqual([1]);
    expect(regionsIn(regions, 2).map(({ id }) => id)).toEqual([1, 2]);
  });
});
