import { describe, expect, it, vi } from "vitest";
import type { PaintTarget } from "./paint";
import { Painter, shownRegion } from "./painter";

const IMAGE = { width: 400, height: 200 };
/** Patches of 100 pixels; the upper and the lower row are padding. */
const TARGET: PaintTarget = {
  grid: [4, 4],
  region: { x: 0, y: -100, width: 400, height: 400 },
  patches: new Set(),
  keep: "inside",
  tool: "brush",
  radius: 0,
  onStroke: () => undefined,
  label: "Margin",
};

function makePainter(overrides: Partial<PaintTarget> = {}) {
  const onStroke = vi.fn<PaintTarget["onStroke"]>();
  const onChange = vi.fn();
  const painter = new Painter(onChange);
  painter.setImage(IMAGE);
  painter.setTarget({ ...TARGET, onStroke, ...overrides });
  const shown = () => [...(painter.scene()?.patches ?? [])].sort((a, b) => a - b);
  const handed = () => [...(onStroke.mock.lastCall?.[0] ?? [])].sort((a, b) => a - b);
  return { painter, onStroke, onChange, shown, handed };
}

describe("painter", () => {
  it("shows a stroke at once and hands it over at its end", () => {
    const { painter, onStroke, shown, handed } = makePainter();
    painter.begin({ x: 50, y: 50 }, false);
    expect(shown()).toEqual([4]);
    painter.point({ x: 390, y: 60 });
    expect(shown()).toEqual([4, 5, 6, 7]);
    expect(onStroke).not.toHaveBeenCalled();
    painter.end();
    expect(handed()).toEqual([4, 5, 6, 7]);
    // Still there until the new set comes back from outside.
    expect(shown()).toEqual([4, 5, 6, 7]);
  });

  it("paints no padding", () => {
    const { painter, onStroke, shown } = makePainter({ radius: 1 });
    painter.begin({ x: 150, y: 50 }, false);
    painter.end();
    expect(shown()).toEqual([4, 5, 6, 8, 9, 10]);
    painter.begin({ x: 390, y: -99 }, false);
    painter.cancel();
    onStroke.mockClear();
    painter.setTarget({ ...TARGET, onStroke });
    painter.begin({ x: 150, y: -50 }, false);
    painter.end();
    expect(onStroke).not.toHaveBeenCalled();
  });

  it("goes back when a stroke is cancelled", () => {
    const { painter, onStroke, shown } = makePainter({ patches: new Set([8]) });
    painter.begin({ x: 50, y: 50 }, false);
    expect(painter.cancel()).toBe(true);
    painter.point({ x: 250, y: 50 });
    painter.end();
    expect(shown()).toEqual([8]);
    expect(onStroke).not.toHaveBeenCalled();
    expect(painter.cancel()).toBe(false);
  });

  it("erases with the eraser, and with the brush turned round", () => {
    const patches = new Set([4, 5, 6]);
    const eraser = makePainter({ patches, tool: "erase" });
    eraser.painter.begin({ x: 150, y: 50 }, false);
    eraser.painter.end();
    expect(eraser.handed()).toEqual([4, 6]);
    const brush = makePainter({ patches });
    brush.painter.begin({ x: 50, y: 50 }, true);
    brush.painter.end();
    expect(brush.handed()).toEqual([5, 6]);
  });

  it("lets a rectangle grow and shrink, and frames it", () => {
    const { painter, handed, shown } = makePainter({ tool: "rectangle", patches: new Set([11]) });
    painter.begin({ x: 150, y: 50 }, false);
    painter.point({ x: 350, y: 150 });
    expect(shown()).toEqual([5, 6, 7, 9, 10, 11]);
    expect(painter.scene()?.frame).toEqual({ x: 150, y: 50, width: 200, height: 100 });
    painter.point({ x: 50, y: 90 });
    painter.end();
    expect(handed()).toEqual([4, 5, 11]);
    expect(painter.scene()?.frame).toBeNull();
  });

  it("keeps a stroke while its target changes in something else, not for another grid", () => {
    const { painter, onStroke, shown } = makePainter();
    painter.begin({ x: 50, y: 50 }, false);
    painter.setTarget({ ...TARGET, onStroke, keep: "outside" });
    expect(shown()).toEqual([4]);
    painter.setTarget({ ...TARGET, onStroke, grid: [2, 2] });
    expect(painter.stroking).toBe(false);
    expect(shown()).toEqual([]);
  });

  it("moves a cursor by key, over the image only, and toggles what the brush covers there", () => {
    const { painter, handed, onStroke } = makePainter();
    painter.toggle();
    expect(onStroke).not.toHaveBeenCalled();
    expect(painter.cursor()).toEqual({ row: 2, column: 2, painted: false, onImage: true });
    painter.step(0, 1);
    expect(painter.cursor()).toMatchObject({ row: 2, column: 2 });
    expect(painter.step(-1, -1)).toEqual({ x: 100, y: 0, width: 100, height: 100 });
    painter.toggle();
    expect(handed()).toEqual([5]);
    expect(painter.cursor()).toMatchObject({ painted: true });
    painter.toggle();
    expect(handed()).toEqual([]);
  });

  it("gives way to the pointer, and begins again where that was", () => {
    const { painter } = makePainter();
    painter.point({ x: 350, y: 50 });
    expect(painter.scene()).toMatchObject({ cursor: null, reach: new Set([7]) });
    painter.step(1, 0);
    expect(painter.scene()?.cursor).toEqual({ row: 1, column: 3 });
    painter.point({ x: 50, y: 50 });
    expect(painter.scene()?.cursor).toBeNull();
    expect(painter.cursor()).toBeNull();
  });

  it("is nothing without a target", () => {
    const { painter, onStroke } = makePainter();
    painter.setTarget(null);
    painter.begin({ x: 50, y: 50 }, false);
    painter.toggle();
    expect(painter.step(1, 0)).toBeNull();
    painter.end();
    expect(painter.scene()).toBeNull();
    expect(onStroke).not.toHaveBeenCalled();
  });

  it("says when it is left", () => {
    const onLeave = vi.fn();
    makePainter({ onLeave }).painter.leave();
    expect(onLeave).toHaveBeenCalledTimes(1);
  });

  it("shows a region that nobody paints, too", () => {
    const { grid, region } = TARGET;
    const scene = shownRegion({ grid, region, patches: new Set([5]), keep: "outside" }, IMAGE);
    expect(scene).toMatchObject({ editing: false, cursor: null, keep: "outside" });
    expect(scene.onImage.size).toBe(8);
  });
});
