import { describe, expect, it, vi } from "vitest";
import { Camera } from "../../../shared/imaging/camera";
import type { Point } from "../../../shared/imaging/transform";
import { IDENTITY } from "../../../shared/imaging/window-level";
import type { Stage } from "./stage";
import { formatView, formatWindow, parseView, parseWindow } from "./view-link";
import { ViewSync } from "./view-sync";

const IMAGE = { width: 400, height: 200 };

interface Pointing {
  listener: (point: Point | null) => void;
  shown: Point | null;
}

/** A stage without a canvas. */
function makeStage(width: number, height: number) {
  const camera = new Camera();
  camera.setPane({ width, height });
  const pointing: Pointing = { listener: () => undefined, shown: null };
  const stage = {
    setView: (view: Parameters<Camera["setView"]>[0]) => camera.setView(view),
    onView: (listener: Camera["onView"]) => {
      camera.onView = listener;
      return () => {
        camera.onView = () => undefined;
      };
    },
    onPoint: (listener: (point: Point | null) => void) => {
      pointing.listener = listener;
      return () => undefined;
    },
    showPoint: (point: Point | null) => {
      pointing.shown = point;
    },
  } as unknown as Stage;
  return { camera, stage, pointing };
}

describe("camera", () => {
  it("gives its view in image pixels, and takes it in a pane of another size", () => {
    const { camera } = makeStage(816, 616);
    camera.setImage(IMAGE);
    expect(camera.view()).toBeNull();
    camera.zoom(2);
    camera.pan(-80, 40);
    const view = camera.view();
    expect(view).toEqual({ x: 220, y: 90, zoom: 2 });
    const other = makeStage(416, 316).camera;
    other.setImage(IMAGE);
    other.setView(view);
    expect(other.view()).toEqual(view);
    expect(other.transform).toMatchObject({ scale: 2, x: 208 - 440, y: 158 - 180 });
  });

  it("keeps a view that comes before the image, and through a change of size", () => {
    const { camera } = makeStage(1, 1);
    camera.setView({ x: 100, y: 100, zoom: 2 });
    camera.setImage(IMAGE);
    camera.setPane({ width: 816, height: 616 });
    expect(camera.transform.scale).toBe(4);
    expect(camera.fitted).toBe(false);
    camera.setPane({ width: 416, height: 316 });
    expect(camera.transform.scale).toBe(2);
  });

  it("begins fitted with another image", () => {
    const { camera } = makeStage(816, 616);
    camera.setImage(IMAGE);
    camera.zoom(3);
    camera.setImage({ width: 800, height: 800 });
    expect(camera.fitted).toBe(true);
  });

  it("shows something of the image, whatever a link says", () => {
    const { camera } = makeStage(816, 616);
    camera.setImage(IMAGE);
    camera.setView({ x: 1e9, y: -1e9, zoom: 1e9 });
    expect(camera.transform.scale).toBe(40);
    expect(camera.transform.x).toBe(48 - 400 * 40);
    expect(camera.transform.y).toBe(616 - 48);
  });

  it("moves as little as it takes to see a rectangle", () => {
    const { camera } = makeStage(816, 616);
    camera.setImage(IMAGE);
    camera.zoom(4);
    const { x, y } = camera.transform;
    camera.reveal({ x: 10, y: 10, width: 100, height: 100 });
    expect(camera.transform).toMatchObject({ x, y });
    camera.reveal({ x: 780, y: -20, width: 100, height: 100 });
    expect(camera.transform).toMatchObject({ x: x - 64, y: y + 20 });
  });
});

describe("view sync", () => {
  it("moves all stages when one is moved, and tells", () => {
    const one = makeStage(816, 616);
    const other = makeStage(416, 316);
    const sync = new ViewSync();
    const listener = vi.fn();
    sync.subscribe(listener);
    for (const { camera, stage } of [one, other]) {
      sync.attach(stage);
      camera.setImage(IMAGE);
    }
    one.camera.zoom(2);
    expect(other.camera.view()).toEqual(one.camera.view());
    expect(sync.view()).toEqual(one.camera.view());
    expect(listener).toHaveBeenCalledTimes(1);
    other.camera.pan(10, 10);
    expect(one.camera.view()).toEqual(other.camera.view());
    other.camera.fit();
    expect(one.camera.fitted).toBe(true);
    expect(sync.view()).toBeNull();
  });

  it("gives a late stage the common view, and lets one go", () => {
    const sync = new ViewSync({ x: 100, y: 50, zoom: 3 });
    const one = makeStage(816, 616);
    const other = makeStage(816, 616);
    const leave = sync.attach(one.stage);
    sync.attach(other.stage);
    one.camera.setImage(IMAGE);
    other.camera.setImage(IMAGE);
    expect(one.camera.view()).toEqual({ x: 100, y: 50, zoom: 3 });
    leave();
    one.camera.zoom(2);
    expect(other.camera.view()).toEqual({ x: 100, y: 50, zoom: 3 });
    sync.set(null);
    expect(other.camera.fitted).toBe(true);
    expect(one.camera.fitted).toBe(false);
  });
});

describe("pointing", () => {
  it("shows in the other stages what is pointed at in one", () => {
    const one = makeStage(816, 616);
    const other = makeStage(416, 316);
    const sync = new ViewSync();
    sync.attach(one.stage);
    sync.attach(other.stage);
    one.pointing.listener({ x: 10, y: 20 });
    expect(other.pointing.shown).toEqual({ x: 10, y: 20 });
    expect(one.pointing.shown).toBeNull();
    one.pointing.listener(null);
    expect(other.pointing.shown).toBeNull();
  });
});

describe("view in a link", () => {
  it("is short, and read back", () => {
    expect(formatView({ x: 220.04, y: 90, zoom: 2.00004 })).toBe("220,90,2");
    expect(parseView("220.5,90,2.25")).toEqual({ x: 220.5, y: 90, zoom: 2.25 });
    expect(formatView(null)).toBeNull();
  });

  it("is fitted for anything else", () => {
    for (const text of [null, "", "1,2", "1,2,x", "1,2,0", "1,2,-3", "1,,3", "1,2,3,4", "a"]) {
      expect(parseView(text)).toBeNull();
    }
  });

  it("carries window and level, confined", () => {
    const window = { level: 90, width: 120, invert: true };
    expect(formatWindow(window)).toBe("90,120,inverted");
    expect(parseWindow("90,120,inverted")).toEqual(window);
    expect(parseWindow("90,120")).toEqual({ ...window, invert: false });
    expect(formatWindow(IDENTITY)).toBeNull();
    expect(parseWindow("900,-4")).toEqual({ level: 255, width: 2, invert: false });
    expect(parseWindow("oops")).toEqual(IDENTITY);
  });
});
