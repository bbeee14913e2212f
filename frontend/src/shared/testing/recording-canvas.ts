/** A canvas for tests of drawing: it remembers what was asked of it, and frames come when the test says so. */

import { vi } from "vitest";

/** A 2D context that remembers what was asked of it. */
export class RecordingContext {
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
  ...[
    "fill",
    "setLineDash",
    "drawImage",
    "strokeRect",
    "stroke",
    "moveTo",
    "lineTo",
    "putImageData",
    "clearRect",
    "fillText",
    "strokeText",
  ],
];

export function fakeCanvas() {
  const canvas = { width: 0, height: 0, context: null as RecordingContext | null };
  return Object.assign(canvas, {
    getContext: () => {
      canvas.context ??= new RecordingContext(canvas);
      return canvas.context;
    },
  });
}

class FakeImageData {
  width: number;
  height: number;
  data: Uint8ClampedArray;

  constructor(first: Uint8ClampedArray | number, second: number, height = second) {
    this.width = typeof first === "number" ? first : second;
    this.height = height;
    this.data = typeof first === "number" ? new Uint8ClampedArray(4 * first * second) : first;
  }
}

let frames: FrameRequestCallback[] = [];

export function nextFrame() {
  const due = frames;
  frames = [];
  for (const callback of due) {
    callback(0);
  }
}

/** Frames that are asked for and have not come. */
export const pendingFrames = () => frames.length;

/** For `beforeEach`; `vi.unstubAllGlobals` takes it away again. */
export function stubDrawing(): void {
  frames = [];
  vi.stubGlobal("requestAnimationFrame", (callback: FrameRequestCallback) => frames.push(callback));
  vi.stubGlobal("cancelAnimationFrame", () => undefined);
  vi.stubGlobal("document", { createElement: fakeCanvas });
  vi.stubGlobal("ImageData", FakeImageData);
}
