import { describe, expect, it, vi } from "vitest";
import { makeDisplay, makeRendering } from "../../../shared/testing/value-server";
import { presetsOf } from "./value-presets";
import { ValueView } from "./value-view";
import { renderingWords, valueWords } from "./value-words";
import { formatFrame, formatVoi, type LinkedRendering, parseFrame, parseVoi } from "./view-link";

const makeView = (link: LinkedRendering | null = null, display = makeDisplay()) =>
  new ValueView(display, makeRendering(), 20, link);

describe("window by dragging", () => {
  it("is in the modality's unit: wider to the right, higher downwards", () => {
    const view = makeView();
    const drag = view.beginDrag();
    drag(300, 0);
    // A drag of 300 pixels doubles the width.
    expect(view.window).toEqual({ center: 40, width: 800 });
    drag(0, -150);
    expect(view.window).toEqual({ center: -160, width: 400 });
    expect(view.rendering.voi_function).toBe("linear");
  });

  it("stays where values are, and at a width that shows something", () => {
    const view = makeView();
    const drag = view.beginDrag();
    drag(-1e6, 1e6);
    expect(view.window.width).toBe(1);
    expect(view.window.center).toBeLessThan(3 * 4096);
  });

  it("is fine in a fine unit", () => {
    const display = makeDisplay({ slope: 0.001, intercept: 0, lowest: 0, highest: 4, windows: [] });
    const view = new ValueView(display, makeRendering({ window: null }), 1);
    view.beginDrag()(0, 1);
    const { center } = view.window;
    expect(center).toBeGreaterThan(2.5);
    expect(center).toBeLessThan(2.6);
    expect(Number(center.toFixed(3))).toBe(center);
  });
});

describe("presets", () => {
  it("are the file's table and windows, and everything", () => {
    const table = { name: "Log", first: 0, bits: 12, entries: [0, 4095] };
    expect(presetsOf(makeDisplay({ table })).map(({ name }) => name)).toEqual([
      "Log",
      "Soft tissue",
      "Lung",
      "Full range",
    ]);
    expect(presetsOf(makeDisplay()).at(-1)?.window).toEqual({ center: 1024, width: 4096 });
    expect(presetsOf(makeDisplay({ values: "colour" }))).toEqual([]);
  });

  it("follow each other, and begin again", () => {
    const view = makeView();
    const seen = [0, 1, 2].map(() => {
      view.nextPreset();
      return view.window.center;
    });
    expect(seen).toEqual([-600, 1024, 40]);
  });
});

describe("what is seen", () => {
  it("follows the prediction until somebody changes it, and goes back", () => {
    const view = makeView();
    const listener = vi.fn();
    view.subscribe(listener);
    const saw = makeRendering({ frame: 7, inverted: true });
    view.follow(saw);
    expect(view.rendering).toEqual(saw);
    expect(view.chosen).toBeNull();
    view.step(2);
    expect(view.rendering).toMatchObject({ frame: 9, inverted: true });
    view.follow(null);
    expect(view.rendering.frame).toBe(9);
    view.restore();
    expect(view.isStandard).toBe(true);
    expect(listener).toHaveBeenCalledTimes(4);
  });

  it("stays within the film", () => {
    const view = makeView();
    view.step(-3);
    expect(view.rendering.frame).toBe(0);
    view.setFrame(99);
    expect(view.rendering.frame).toBe(19);
  });

  it("is asked of a model only where it is not what the model sees anyway", () => {
    const view = makeView();
    expect(view.forPrediction()).toBeNull();
    view.setWindow({ center: 40, width: 400 });
    expect(view.forPrediction()).toBeNull();
    view.invert();
    view.setFrame(3);
    expect(view.forPrediction()).toEqual({
      frame: 3,
      window: { center: 40, width: 400 },
      inverted: true,
    });
    view.reset();
    expect(view.rendering).toEqual(makeRendering({ frame: 3 }));
  });

  it("begins inverted where the file says so", () => {
    const standard = makeRendering({ inverted: true });
    const view = new ValueView(makeDisplay({ inverted: true }), standard, 1);
    expect(view.rendering.inverted).toBe(true);
    view.invert();
    expect(view.forPrediction()).toMatchObject({ inverted: false });
  });

  it("has words", () => {
    const rendering = makeRendering({ frame: 2, inverted: true });
    expect(renderingWords(rendering, makeDisplay(), 20)).toBe(
      "frame 3 of 20, centre 40, width 400 HU, inverted",
    );
    expect(valueWords(-120, makeDisplay())).toBe("−120\u202fHU");
  });
});

describe("a link", () => {
  it("comes back as it went", () => {
    const view = makeView();
    expect(formatVoi(view.chosen)).toBeNull();
    view.setFrame(4);
    view.setWindow({ center: -600.5, width: 1500 });
    view.invert();
    const link = {
      frame: parseFrame(formatFrame(view.chosen)),
      voi: parseVoi(formatVoi(view.chosen)),
    };
    expect([formatFrame(view.chosen), formatVoi(view.chosen)]).toEqual([
      "5",
      "-600.5,1500,inverted",
    ]);
    expect(makeView(link).rendering).toEqual(view.rendering);
  });

  it("with nothing, or nonsense, shows what the file asks", () => {
    for (const text of [null, "", "0", "-1", "1.5", "a"]) {
      expect(parseFrame(text)).toBeNull();
    }
    for (const text of [null, "", "40", "40,0", "40,-3", "a,b", "40,400,upside"]) {
      expect(parseVoi(text)).toBeNull();
    }
    expect(makeView({ frame: null, voi: null }).chosen).toBeNull();
    expect(makeView({ frame: 500, voi: null }).rendering).toEqual(makeRendering({ frame: 19 }));
  });

  it("may ask for the file's own window", () => {
    expect(parseVoi("file,inverted")).toEqual({ window: null, inverted: true });
    const view = makeView({ frame: null, voi: { window: null, inverted: true } });
    expect(view.rendering).toEqual(makeRendering({ inverted: true }));
  });
});
