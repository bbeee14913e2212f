import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { gridFromRows } from "../../../shared/imaging/map-sampling";
import { IDENTITY } from "../../../shared/imaging/window-level";
import {
  fakeCanvas,
  nextFrame,
  pendingFrames,
  type RecordingContext,
  stubDrawing,
} from "../../../shared/testing/recording-canvas";
import type { MapLayer } from "./overlay";
import type { PaintTarget } from "./paint";
import { Stage } from "./stage";
import type { Display } from "./stage-state";

const IMAGE = { width: 400, height: 200, close: () => undefined } as ImageBitmap;

const LAYER: MapLayer = {
  id: "map",
  kind: "gradcam",
  kindLabel: "Grad-CAM",
  title: "round",
  onPath: true,
  grid: gridFromRows([
    [0, 1],
    [2, 4],
  ]),
  region: { x: 0, y: -100, width: 400, height: 400 },
  maximum: 4,
  scaleNote: "",
  formatValue: String,
};

const DISPLAY: Display = {
  layout: "stacked",
  window: IDENTITY,
  layer: null,
  colormap: "viridis",
  opacity: 0.5,
  fadeLow: true,
};

function makeStage(ratio = 1) {
  const canvas = fakeCanvas();
  const stage = new Stage(canvas as unknown as HTMLCanvasElement);
  stage.resize({ width: 816, height: 616 }, ratio);
  stage.setImage(IMAGE);
  stage.setDisplay(DISPLAY);
  nextFrame();
  const context = canvas.context as RecordingContext;
  context.calls = [];
  return { stage, canvas, context };
}

beforeEach(stubDrawing);
afterEach(() => vi.unstubAllGlobals());

describe("stage", () => {
  it("draws once for many changes, and not at all without one", () => {
    const { stage } = makeStage();
    const before = stage.getSnapshot().frame;
    stage.pan(5, 5);
    stage.zoom(1.5);
    stage.setDisplay({ ...DISPLAY, opacity: 0.3 });
    expect(pendingFrames()).toBe(1);
    nextFrame();
    expect(stage.getSnapshot().frame).toBe(before + 1);
    expect(pendingFrames()).toBe(0);
  });

  it("is as sharp as the screen", () => {
    const { canvas, context, stage } = makeStage(2);
    expect(canvas).toMatchObject({ width: 1632, height: 1232 });
    stage.pan(1, 0);
    nextFrame();
    expect(context.named("setTransform")[0]?.args).toEqual([2, 0, 0, 2, 0, 0]);
  });

  it("follows the window until somebody zooms, then keeps the middle", () => {
    const { stage } = makeStage();
    expect(stage.getSnapshot()).toMatchObject({ fitted: true, zoomPercent: 200 });
    stage.resize({ width: 416, height: 616 }, 1);
    nextFrame();
    expect(stage.getSnapshot()).toMatchObject({ fitted: true, zoomPercent: 100 });
    stage.zoom(2);
    stage.resize({ width: 816, height: 616 }, 1);
    nextFrame();
    expect(stage.getSnapshot()).toMatchObject({ fitted: false, zoomPercent: 200 });
    stage.pointAt({ x: 408, y: 308 });
    nextFrame();
    expect(stage.getSnapshot().probe).toMatchObject({ x: 200, y: 100 });
  });

  it("goes to one image pixel per screen pixel and back to fitting", () => {
    const { stage } = makeStage(2);
    stage.oneToOne();
    nextFrame();
    expect(stage.getSnapshot().zoomPercent).toBe(100);
    stage.fit();
    nextFrame();
    expect(stage.getSnapshot()).toMatchObject({ fitted: true, zoomPercent: 400 });
  });

  it("draws the map on the image's transform, through its region and with its opacity", () => {
    const { stage, context } = makeStage();
    stage.setDisplay({ ...DISPLAY, layer: LAYER });
    nextFrame();
    const [base, map] = context.named("drawImage");
    expect(base).toMatchObject({ alpha: 1 });
    // The image lies at 8, 108 and is shown twice as large; the region begins 100 image pixels higher.
    expect(map?.args.slice(1)).toEqual([8, -92, 800, 800]);
    expect(map).toMatchObject({ alpha: 0.5, smooth: true });
    // Padding beside the image is cut off.
    expect(context.named("rect").at(-1)?.args).toEqual([8, 108, 800, 400]);
  });

  it("draws the index map in blocks", () => {
    const { stage, context } = makeStage();
    stage.setDisplay({ ...DISPLAY, layer: { ...LAYER, kind: "index" } });
    nextFrame();
    expect(context.named("drawImage")[1]).toMatchObject({ smooth: false });
  });

  it("shows the map only on the right, side by side, with the same transform", () => {
    const { stage, context } = makeStage();
    stage.setDisplay({ ...DISPLAY, layer: LAYER, layout: "side-by-side" });
    nextFrame();
    expect(context.named("drawImage")).toHaveLength(3);
    expect(context.named("translate").map(({ args }) => args[0])).toEqual([0, 409]);
  });

  it("reads pixel, cell and value under the pointer", () => {
    const { stage } = makeStage();
    stage.setDisplay({ ...DISPLAY, layer: LAYER });
    stage.pointAt({ x: 8 + 2 * 300, y: 108 + 2 * 150 });
    nextFrame();
    expect(stage.getSnapshot().probe).toEqual({
      x: 300,
      y: 150,
      rgb: [10, 20, 30],
      measured: null,
      millimetres: null,
      cell: { row: 1, column: 1 },
      value: 4,
    });
    stage.pointAt({ x: 2, y: 2 });
    nextFrame();
    expect(stage.getSnapshot().probe).toBeNull();
  });

  it("moves the probe from cell to cell for the keyboard", () => {
    const { stage } = makeStage();
    stage.setDisplay({ ...DISPLAY, layer: LAYER });
    stage.stepProbe(-1, 0);
    nextFrame();
    expect(stage.getSnapshot().probe).toMatchObject({ x: 0, y: 100, cell: { row: 1, column: 0 } });
    stage.stepProbe(9, 9);
    nextFrame();
    expect(stage.getSnapshot().probe).toMatchObject({ x: 399, y: 199 });
  });

  it("tells its listeners, until it is disposed of", () => {
    const { stage } = makeStage();
    const listener = vi.fn();
    const stop = stage.subscribe(listener);
    stage.pan(1, 1);
    nextFrame();
    expect(listener).toHaveBeenCalledTimes(1);
    stop();
    stage.pan(1, 1);
    nextFrame();
    expect(listener).toHaveBeenCalledTimes(1);
  });
});

describe("painting", () => {
  const onStroke = vi.fn<PaintTarget["onStroke"]>();
  /** Two by two patches of 200 pixels; all of them overlap the image. */
  const TARGET: PaintTarget = {
    grid: [2, 2],
    region: LAYER.region,
    patches: new Set(),
    keep: "inside",
    tool: "brush",
    radius: 0,
    onStroke,
    label: "Margin",
  };
  /** In the middle of the upper left patch: the image lies at 8, 108 and is shown twice as large. */
  const FIRST = { x: 100, y: 200 };
  const SECOND = { x: 700, y: 200 };

  function makePainted(overrides: Partial<PaintTarget> = {}) {
    onStroke.mockClear();
    const made = makeStage();
    made.stage.setPaint({ ...TARGET, ...overrides });
    nextFrame();
    made.context.calls = [];
    return made;
  }

  it("draws a stroke in the next frame without telling its listeners", () => {
    const { stage, context } = makePainted();
    const listener = vi.fn();
    stage.subscribe(listener);
    expect(stage.beginStroke(FIRST, false)).toBe(true);
    stage.pointAt(SECOND);
    nextFrame();
    // Dimmed below, tinted above.
    expect(context.named("fill")).toHaveLength(2);
    expect(listener).not.toHaveBeenCalled();
    stage.painter.end();
    nextFrame();
    expect([...(onStroke.mock.lastCall?.[0] ?? [])]).toEqual([0, 1]);
    expect(listener).toHaveBeenCalledTimes(1);
  });

  it("draws only the grid while nothing is painted", () => {
    const { stage, context } = makePainted();
    stage.pan(1, 0);
    nextFrame();
    expect(context.named("fill")).toHaveLength(0);
    expect(context.named("stroke")).toHaveLength(2);
  });

  it("is seen in both panes, and works in both", () => {
    const { stage, context } = makePainted({ patches: new Set([0]) });
    stage.setDisplay({ ...DISPLAY, layout: "side-by-side" });
    nextFrame();
    expect(context.named("fill")).toHaveLength(4);
    // Fitted to half the canvas; the right pane begins at 409.
    stage.beginStroke({ x: 409 + 300, y: 308 - 20 }, false);
    stage.painter.end();
    expect([...(onStroke.mock.lastCall?.[0] ?? [])]).toEqual([0, 1]);
  });

  it("goes on beyond the canvas while the pointer is held", () => {
    const { stage } = makePainted({ tool: "rectangle" });
    stage.beginStroke(FIRST, false);
    stage.pointAt({ x: 5000, y: 5000 });
    stage.painter.end();
    expect(onStroke.mock.lastCall?.[0].size).toBe(4);
  });

  it("begins no stroke beside the panes, without a target or without an image", () => {
    const { stage } = makePainted();
    expect(stage.beginStroke({ x: -5, y: 5 }, false)).toBe(false);
    stage.setPaint(null);
    expect(stage.beginStroke(FIRST, false)).toBe(false);
    stage.setPaint(TARGET);
    stage.setImage(null);
    expect(stage.beginStroke(FIRST, false)).toBe(false);
  });

  it("moves the keyboard's patch into sight, and says where it is", () => {
    const { stage } = makePainted();
    stage.zoom(4, FIRST);
    stage.stepPatch(0, 0);
    nextFrame();
    expect(stage.getSnapshot().patch).toEqual({ row: 1, column: 1, painted: false, onImage: true });
    expect(stage.view()).not.toBeNull();
    // Larger than the window: its corner is.
    stage.pointAt({ x: 0, y: 0 });
    nextFrame();
    expect(stage.getSnapshot().patch).toBeNull();
    expect(stage.getSnapshot().probe).toMatchObject({ x: 200, y: 100 });
  });

  it("draws a region that is only shown, without the grid", () => {
    const { stage, context } = makeStage();
    stage.setRegion({ ...TARGET, patches: new Set([3]), keep: "outside" });
    nextFrame();
    expect(context.named("fill")).toHaveLength(2);
    // Hatching, and the border twice.
    expect(context.named("stroke")).toHaveLength(3);
  });
});
