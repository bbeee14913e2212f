import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { IDENTITY } from "../../../shared/imaging/window-level";
import {
  fakeCanvas,
  nextFrame,
  pendingFrames,
  stubDrawing,
} from "../../../shared/testing/recording-canvas";
import { ItemStage, type Picture } from "./item-stage";

const IMAGE = { name: "image" } as unknown as CanvasImageSource;
const MAP = { name: "map" } as unknown as CanvasImageSource;
const PICTURE: Picture = { image: IMAGE, size: { width: 200, height: 100 }, map: MAP };

describe("the canvas of an item", () => {
  let canvas: ReturnType<typeof fakeCanvas>;
  let stage: ItemStage;

  beforeEach(() => {
    stubDrawing();
    canvas = fakeCanvas();
    stage = new ItemStage(canvas as unknown as HTMLCanvasElement);
    stage.resize({ width: 416, height: 416 }, 2);
  });
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  const drawn = () => {
    const images = canvas.context?.named("drawImage") ?? [];
    return images.map(({ args: [source, ...place], alpha }) => ({ source, place, alpha }));
  };
  const forget = () => {
    if (canvas.context) {
      canvas.context.calls = [];
    }
  };

  it("is as sharp as the screen", () => {
    expect([canvas.width, canvas.height]).toEqual([832, 832]);
  });

  it("draws image and map at once on one place, the map alone with opacity", () => {
    stage.setDisplay({ opacity: 0.4, window: IDENTITY });
    forget();
    stage.setPicture(PICTURE);
    // Fitted with a margin of 8: twice as large, in the middle.
    const place = [8, 108, 400, 200];
    expect(drawn()).toEqual([
      { source: IMAGE, place, alpha: 1 },
      { source: MAP, place, alpha: 0.4 },
    ]);
    expect(pendingFrames()).toBe(0);
  });

  it("draws the image alone while the map is hidden", () => {
    stage.setPicture(PICTURE);
    forget();
    stage.setDisplay({ opacity: 0, window: IDENTITY });
    expect(drawn().map(({ source }) => source)).toEqual([IMAGE]);
  });

  it("keeps image and map together under zoom and pan, drawn with the next frame", () => {
    stage.setPicture(PICTURE);
    forget();
    stage.zoom(2, { x: 8, y: 108 });
    stage.pan(-30, 10);
    expect(drawn()).toEqual([]);
    expect(pendingFrames()).toBe(1);
    nextFrame();
    const place = [-22, 118, 800, 400];
    expect(drawn().map((image) => image.place)).toEqual([place, place]);
    stage.fit();
    forget();
    nextFrame();
    expect(drawn()[0]?.place).toEqual([8, 108, 400, 200]);
  });

  it("begins fitted with every picture", () => {
    stage.setPicture(PICTURE);
    stage.zoom(4);
    forget();
    stage.setPicture({ ...PICTURE, size: { width: 100, height: 100 } });
    expect(drawn()[0]?.place).toEqual([8, 8, 400, 400]);
  });

  it("windows the image before the map is drawn over it", () => {
    stage.setPicture(PICTURE);
    forget();
    stage.setDisplay({ opacity: 0.5, window: { ...IDENTITY, invert: true } });
    const order = canvas.context?.calls.map(({ name }) => name);
    expect(order?.filter((name) => /Image/.test(name))).toEqual([
      "drawImage",
      "getImageData",
      "putImageData",
      "drawImage",
    ]);
  });

  it("is black without a picture", () => {
    stage.setPicture(PICTURE);
    forget();
    stage.setPicture(null);
    expect(drawn()).toEqual([]);
    expect(canvas.context?.named("fillRect")).toHaveLength(1);
  });
});
