import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { gridFromRows } from "./map-sampling";
import type { MapLayer } from "./overlay";
import { type Display, Stage } from "./stage";
import { IDENTITY } from "./window-level";

/** A 2D context that remembers what was asked of it. */
class RecordingContext {
  calls: { name: string; args: unknown[]; alpha: number; smooth: boolean }[] = [];
  globalAlpha = 1;
  imageSmoothingEnabled = true;
  canvas: { width: number; height: number };

  constructor(canvas: { width: number; height: number }) {
    this.canvas = canvas;
    for (const name of METHODS) {
      Object.assign(this, { [name]: (...args: unknown[]) => this.record(name, args) });
    }
  }

  getImageData(_x: number, _y: number, width: number, height: number) {
    this.record("getImageData", [width, height]);
    return { data: new Uint8ClampedArray([10, 20, 30, 255]), width, height };
  }

  named(name: string) {
    return this.calls.filter((call) => call.name === name);
  }

  private record(name: string, args: unknown[]) {
    const { globalAlpha: alpha, imageSmoothingEnabled: smooth } = this;
    this.calls.push({ name, args, alpha, smooth });
  }
}

const METHODS = [
  ...["save", "restore", "beginPath", "rect", "clip", "translate", "setTransform", "fillRect"],
  ...["drawImage", "strokeRect", "stroke", "moveTo", "lineTo", "putImageData", "clearRect"],
];

function fakeCanvas() {
  const canvas = { width: 0, height: 0, context: null as RecordingContext | null };
  return Object.assign(canvas, {
    getContext: () => {
      canvas.context ??= new RecordingContext(canvas);
      return canvas.context;
    },
  });
}

let frames: FrameRequestCallback[] = [];

function nextFrame() {
  const due = frames;
  frames = [];
  for (const callback of due) {
    callback(0);
  }
}

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

beforeEach(() => {
  frames = [];
  vi.stubGlobal("requestAnimationFrame", (callback: FrameRequestCallback) => frames.push(callback));
  vi.stubGlobal("cancelAnimationFrame", () => undefined);
  vi.stubGlobal("document", { createElement: fakeCanvas });
  vi.stubGlobal("ImageData", class {});
});
afterEach(() => vi.unstubAllGlobals());

describe("stage", () => {
  it("draws once for many changes, and not at all without one", () => {
    const { stage } = makeStage();
    const before = stage.getSnapshot().frame;
    stage.pan(5, 5);
    stage.zoom(1.5);
    stage.setDisplay({ ...DISPLAY, opacity: 0.3 });
    expect(frames).toHaveLength(1);
    nextFrame();
    expect(stage.getSnapshot().frame).toBe(before + 1);
    expect(frames).toHaveLength(0);
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
