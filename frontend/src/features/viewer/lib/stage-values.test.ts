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
import { makeDisplay, makeRendering } from "../../../shared/testing/value-server";
import type { MapLayer } from "./overlay";
import { Stage } from "./stage";
import type { Display } from "./stage-state";
import type { ShownValues } from "./value-picture";

const SPACING = { row_mm: 0.5, column_mm: 0.5, source: "PixelSpacing", calibrated: true };

/** Every pixel stores 1000 more than the frame's number; shown twice as large, at 8, 108. */
function shown(number: number, changes: Partial<ShownValues> = {}): ShownValues {
  const data = new Uint16Array(400 * 200).fill(1000 + number);
  const frame = { number, width: 400, height: 200, data };
  const display = makeDisplay({ spacing: SPACING });
  return { frame, display, rendering: makeRendering({ frame: number }), ...changes };
}

const DISPLAY: Display = {
  ...{ layout: "stacked", window: IDENTITY, layer: null, colormap: "viridis" },
  ...{ opacity: 0.5, fadeLow: true },
};

function makeStage(values = shown(0)) {
  const canvas = fakeCanvas();
  const stage = new Stage(canvas as unknown as HTMLCanvasElement);
  stage.resize({ width: 816, height: 616 }, 1);
  stage.setDisplay(DISPLAY);
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
      millimetres: { x: 50, y: 25 },
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
    expect(texts).toEqual(["5 cm", "R", "L", "A", "P"]);
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

describe("a large image", () => {
  const WIDTH = 4000;
  const HEIGHT = 3000;

  function large(center: number): ShownValues {
    const data = new Uint16Array(WIDTH * HEIGHT);
    for (let at = 0; at < data.length; at++) {
      data[at] = at % 4096;
    }
    const frame = { number: 0, width: WIDTH, height: HEIGHT, data };
    const rendering = makeRendering({ window: { center, width: 3000 } });
    return { frame, display: makeDisplay({ spacing: SPACING }), rendering };
  }

  const surfaces: ReturnType<typeof fakeCanvas>[] = [];

  beforeEach(() => {
    surfaces.length = 0;
    const createElement = () => {
      const canvas = fakeCanvas();
      surfaces.push(canvas);
      return canvas;
    };
    vi.stubGlobal("document", { createElement });
  });

  /** How many pixels are painted for a change of the window. */
  function paintedFor(stage: Stage, center: number): number {
    for (const { context } of surfaces) {
      Object.assign(context ?? {}, { calls: [] });
    }
    stage.setValues(large(center));
    nextFrame();
    const written = surfaces.flatMap(({ context }) => context?.named("putImageData") ?? []);
    expect(written).toHaveLength(1);
    const [image] = (written[0]?.args ?? []) as ImageData[];
    return image ? image.width * image.height : 0;
  }

  it("is as fine as the screen while its window is dragged, and whole afterwards", () => {
    const { stage } = makeStage(large(0));
    stage.setHurried(true);
    expect(paintedFor(stage, 10)).toBe(800 * 600);
    expect(paintedFor(stage, 20)).toBe(800 * 600);
    stage.setHurried(false);
    expect(paintedFor(stage, 20)).toBe(WIDTH * HEIGHT);
  });

  it("is not interpolated one to one, and only what is seen is looked up", () => {
    const { stage } = makeStage(large(0));
    stage.oneToOne();
    expect(paintedFor(stage, 10)).toBeLessThan(1.5 * 816 * 616);
  });
});

describe("pixels that are not square", () => {
  /** 400 columns of 1 mm and 200 rows of 2 mm: a square of 600 by 600 CSS pixels from 108, 8. */
  const display = makeDisplay({ spacing: { ...SPACING, row_mm: 2, column_mm: 1 } });
  const layer: MapLayer = {
    ...{ id: "map", kind: "gradcam", kindLabel: "Grad-CAM", title: "round", onPath: true },
    grid: gridFromRows([
      [0, 1],
      [2, 4],
    ]),
    region: { x: 0, y: 0, width: 400, height: 200 },
    ...{ maximum: 4, scaleNote: "", formatValue: String },
  };

  function makeTall() {
    const made = makeStage(shown(0, { display }));
    made.stage.setDisplay({ ...DISPLAY, layer });
    made.context.calls = [];
    return made;
  }

  it("are drawn in their true shape, and the map with them", () => {
    const { stage, context } = makeTall();
    nextFrame();
    expect(context.named("drawImage").at(-1)?.args.slice(1)).toEqual([108, 8, 600, 600]);
    expect(context.named("fillText")[0]?.args[0]).toBe("10 cm");
    expect(stage.getSnapshot().zoomPercent).toBe(150);
  });

  it("are found under the pointer, with their cell of the map", () => {
    const { stage } = makeTall();
    stage.pointAt({ x: 108 + 300, y: 8 + 450 });
    nextFrame();
    expect(stage.getSnapshot().probe).toMatchObject({
      ...{ x: 200, y: 150, millimetres: { x: 200, y: 300 } },
      ...{ cell: { row: 1, column: 1 }, value: 4 },
    });
  });

  it("are measured as they are drawn: the same length in both directions", () => {
    const { stage, context } = makeTall();
    const lengths = [
      { x: 258, y: 8 },
      { x: 108, y: 158 },
    ].map((end) => {
      stage.beginRuler({ x: 108, y: 8 });
      stage.pointAt(end);
      stage.ruler.end();
      context.calls = [];
      nextFrame();
      expect(context.named("lineTo").some(({ args: [x, y] }) => x === end.x && y === end.y)).toBe(
        true,
      );
      return stage.getSnapshot().ruler?.millimetres;
    });
    expect(lengths).toEqual([100, 100]);
  });

  it("are painted where the pointer is", () => {
    const { stage } = makeTall();
    const onStroke = vi.fn();
    stage.setPaint({
      ...{ grid: [2, 2], region: layer.region, patches: new Set<number>(), keep: "inside" },
      ...{ tool: "brush", radius: 0, onStroke, label: "Margin" },
    });
    stage.beginStroke({ x: 108 + 100, y: 8 + 450 }, false);
    stage.painter.end();
    expect(onStroke).toHaveBeenCalledWith(new Set([2]));
  });

  it("begin fitted anew where another shape comes", () => {
    const { stage } = makeTall();
    stage.zoom(3);
    stage.setValues(shown(0));
    nextFrame();
    expect(stage.getSnapshot()).toMatchObject({ fitted: true, zoomPercent: 200 });
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
    // 30 columns and 80 rows of 0.5 mm.
    expect(stage.getSnapshot().ruler?.millimetres).toBeCloseTo(Math.hypot(15, 40));
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
    expect(stage.getSnapshot().ruler?.millimetres).toBeCloseTo(99.5);
  });
});
