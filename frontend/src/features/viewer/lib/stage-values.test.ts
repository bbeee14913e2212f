import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { IDENTITY } from "../../../shared/imaging/window-level";
import {
  fakeCanvas,
  nextFrame,
  pendingFrames,
  type RecordingContext,
  stubDrawing,
} from "../../../shared/testing/recording-canvas";
import { makeDisplay, makeRendering } from "../../../shared/testing/value-server";
import { Stage } from "./stage";
import type { ShownValues } from "./value-picture";

/** Every pixel stores 1000 more than the frame's number; shown twice as large, at 8, 108. */
function shown(number: number, changes: Partial<ShownValues> = {}): ShownValues {
  const data = new Uint16Array(400 * 200).fill(1000 + number);
  const frame = { number, width: 400, height: 200, data };
  return { frame, display: makeDisplay(), rendering: makeRendering({ frame: number }), ...changes };
}

function makeStage(values = shown(0)) {
  const canvas = fakeCanvas();
  const stage = new Stage(canvas as unknown as HTMLCanvasElement);
  stage.resize({ width: 816, height: 616 }, 1);
  stage.setDisplay({
    ...{ layout: "stacked", window: IDENTITY, layer: null, colormap: "viridis" },
    ...{ opacity: 0.5, fadeLow: true },
  });
  stage.setValues(values);
  nextFrame();
  const context = canvas.context as RecordingContext;
  return { stage, context };
}

beforeEach(stubDrawing);
afterEach(() => vi.unstubAllGlobals());

describe("values on the stage", () => {
  it("are fitted as an image is, and keep the view from frame to frame", () => {
    const { stage } = makeStage();
    expect(stage.getSnapshot()).toMatchObject({ fitted: true, zoomPercent: 200 });
    stage.zoom(2);
    const view = stage.view();
    stage.setValues(shown(1));
    nextFrame();
    expect(stage.view()).toEqual(view);
    expect(stage.getSnapshot().zoomPercent).toBe(400);
  });

  it("are drawn once for many changes of the window", () => {
    const { stage } = makeStage();
    const before = stage.getSnapshot().frame;
    for (let width = 1; width < 60; width++) {
      const rendering = makeRendering({ window: { center: 0, width } });
      stage.setValues(shown(0, { rendering }));
    }
    expect(pendingFrames()).toBe(1);
    nextFrame();
    expect(stage.getSnapshot().frame).toBe(before + 1);
  });

  it("are read under the pointer, in the modality's unit and in millimetres", () => {
    const { stage } = makeStage(shown(3));
    stage.pointAt({ x: 8 + 2 * 100, y: 108 + 2 * 50 });
    nextFrame();
    expect(stage.getSnapshot().probe).toMatchObject({
      ...{ x: 100, y: 50, rgb: null },
      measured: { stored: 1003, value: -21 },
      millimetres: { x: 100, y: 25 },
    });
  });

  it("are read as colours where they are", () => {
    const display = makeDisplay({ values: "colour", bytes_per_value: 1 });
    const frame = { number: 0, width: 2, height: 1, data: new Uint8Array([1, 2, 3, 4, 5, 6]) };
    const { stage } = makeStage(shown(0, { display, frame }));
    stage.showPoint({ x: 1, y: 0 });
    nextFrame();
    expect(stage.getSnapshot().probe).toMatchObject({ rgb: [4, 5, 6], measured: null });
  });

  it("have a scale bar and letters at the edges", () => {
    const { context } = makeStage();
    const texts = context.named("fillText").map(({ args }) => args[0]);
    expect(texts).toEqual(["10 cm across", "R", "L", "A", "P"]);
  });

  it("go back to the image when they are taken away", () => {
    const { stage, context } = makeStage();
    stage.setValues(null);
    context.calls = [];
    nextFrame();
    expect(context.named("drawImage")).toHaveLength(0);
    expect(stage.beginRuler({ x: 100, y: 200 })).toBe(false);
  });
});

describe("ruler", () => {
  it("measures a drag, and stays until it is cleared", () => {
    const { stage, context } = makeStage();
    expect(stage.beginRuler({ x: 8, y: 108 })).toBe(true);
    stage.pointAt({ x: 8 + 2 * 30, y: 108 + 2 * 80 });
    stage.ruler.end();
    stage.pointAt({ x: 400, y: 300 });
    context.calls = [];
    nextFrame();
    // 30 columns of 1 mm, 80 rows of 0.5 mm.
    expect(stage.getSnapshot().ruler?.millimetres).toBeCloseTo(50);
    expect(context.named("lineTo").some(({ args }) => args[0] === 68 && args[1] === 268)).toBe(
      true,
    );
    expect(stage.ruler.clear()).toBe(true);
    nextFrame();
    expect(stage.getSnapshot().ruler).toBeNull();
    expect(stage.ruler.clear()).toBe(false);
  });

  it("measures nothing where nobody has dragged", () => {
    const { stage } = makeStage();
    stage.beginRuler({ x: 100, y: 200 });
    stage.ruler.end();
    nextFrame();
    expect(stage.getSnapshot().ruler).toBeNull();
  });

  it("works with the keyboard: an end, the way, the other end", () => {
    const { stage } = makeStage();
    stage.markRuler();
    stage.stepProbe(7, 0);
    stage.markRuler();
    stage.stepProbe(-3, 3);
    nextFrame();
    // From the middle to the last column.
    expect(stage.getSnapshot().ruler?.millimetres).toBeCloseTo(199);
  });
});
