/**
 * The viewer's engine: holds transform, image, map and cursor, and redraws its canvas when one of them
 * changed, at most once per animation frame. React only hands it values and reads its snapshot.
 */

import { type DrawnLayer, drawBase, drawPane, type Scene } from "./draw";
import { type Cell, cellAt, valueAt } from "./map-sampling";
import { type Layout, locate, type Pane, panesOf } from "./panes";
import { PixelReader } from "./pixel-reader";
import { type LayerDisplay, layerChanged, rasterize } from "./rasterize";
import {
  fitToPane,
  keepInSight,
  oneToOne,
  type Point,
  panBy,
  type Size,
  type Transform,
  toImage,
  zoomAt,
  zoomPercent,
} from "./transform";
import { IDENTITY, type WindowLevel } from "./window-level";

export interface Probe {
  /** Whole image pixels from the top left. */
  x: number;
  y: number;
  rgb: [number, number, number] | null;
  cell: Cell | null;
  value: number | null;
}

export interface StageSnapshot {
  zoomPercent: number;
  /** The image follows the size of the window until somebody zooms or pans. */
  fitted: boolean;
  probe: Probe | null;
  /** Frames drawn; for tests and for telling that a drawing is finished. */
  frame: number;
}

export interface Display extends LayerDisplay {
  layout: Layout;
  window: WindowLevel;
}

const BACKGROUND = "#000";
const DIVIDER_COLOR = "#2a2c2f";

export class Stage {
  private image: ImageBitmap | null = null;
  private transform: Transform = { scale: 1, x: 0, y: 0 };
  private fitted = true;
  private size: Size = { width: 1, height: 1 };
  private ratio = 1;
  private display: Display = {
    layout: "stacked",
    window: IDENTITY,
    layer: null,
    colormap: "viridis",
    opacity: 0.6,
    fadeLow: true,
  };
  private drawn: DrawnLayer | null = null;
  private baseKey = "";
  private cursor: { image: Point; pane: Pane | null } | null = null;
  private frameRequest = 0;
  private frame = 0;
  private snapshot: StageSnapshot = { zoomPercent: 100, fitted: true, probe: null, frame: 0 };
  private readonly listeners = new Set<() => void>();
  private readonly context: CanvasRenderingContext2D | null;
  private readonly scratch: CanvasRenderingContext2D | null;
  private readonly pixels = new PixelReader();
  private readonly canvas: HTMLCanvasElement;

  constructor(canvas: HTMLCanvasElement) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d", { alpha: false });
    // In main memory, because windowing reads it back.
    this.scratch = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly getSnapshot = (): StageSnapshot => this.snapshot;

  dispose(): void {
    cancelAnimationFrame(this.frameRequest);
    this.listeners.clear();
  }

  setImage(image: ImageBitmap | null): void {
    this.image = image;
    this.baseKey = "";
    this.cursor = null;
    this.fit();
  }

  setDisplay(display: Display): void {
    const before = this.display;
    this.display = display;
    if (layerChanged(before, display)) {
      this.drawn = rasterize(display);
    } else if (this.drawn) {
      this.drawn = { ...this.drawn, opacity: display.opacity };
    }
    if (before.layout !== display.layout) {
      this.keepCentre(panesOf(this.size, before.layout)[0], this.pane());
    }
    this.invalidate();
  }

  /** CSS size of the canvas and device pixels per CSS pixel. */
  resize(size: Size, ratio: number): void {
    const before = this.pane();
    this.size = { width: Math.max(1, size.width), height: Math.max(1, size.height) };
    this.ratio = ratio;
    this.keepCentre(before, this.pane());
    this.invalidate();
  }

  fit(): void {
    this.fitted = true;
    if (this.image) {
      this.transform = fitToPane(this.image, this.pane());
    }
    this.invalidate();
  }

  oneToOne(): void {
    if (this.image) {
      this.move(oneToOne(this.image, this.pane(), this.ratio));
    }
  }

  /** Zooms around a point of the canvas, or around the middle. */
  zoom(factor: number, anchor?: Point): void {
    if (this.image) {
      const pane = this.pane();
      const inside = anchor && locate(this.panes(), anchor)?.point;
      const middle = { x: pane.width / 2, y: pane.height / 2 };
      this.move(zoomAt(this.transform, inside ?? middle, factor, this.image, pane));
    }
  }

  pan(dx: number, dy: number): void {
    if (this.image) {
      this.move(panBy(this.transform, dx, dy, this.image, this.pane()));
    }
  }

  /** Puts the probe under a point of the canvas; null takes it away. */
  pointAt(point: Point | null): void {
    const found = point && locate(this.panes(), point);
    this.cursor = found ? { image: toImage(this.transform, found.point), pane: found.pane } : null;
    this.invalidate();
  }

  /** Moves the probe by cells of the map (or 1/14 of the image), for the keyboard. */
  stepProbe(columns: number, rows: number): void {
    if (!this.image) {
      return;
    }
    const { width, height } = this.image;
    const layer = this.display.layer;
    const stepX = layer ? layer.region.width / layer.grid.columns : width / 14;
    const stepY = layer ? layer.region.height / layer.grid.rows : height / 14;
    const from = this.cursor?.image ?? { x: width / 2, y: height / 2 };
    const image = {
      x: Math.min(width - 1, Math.max(0, from.x + columns * stepX)),
      y: Math.min(height - 1, Math.max(0, from.y + rows * stepY)),
    };
    this.cursor = { image, pane: null };
    this.invalidate();
  }

  private move(transform: Transform): void {
    this.transform = transform;
    this.fitted = false;
    this.invalidate();
  }

  private keepCentre(before: Size | undefined, after: Size): void {
    if (!this.image) {
      return;
    }
    if (this.fitted || !before) {
      this.transform = fitToPane(this.image, after);
      return;
    }
    const dx = (after.width - before.width) / 2;
    const dy = (after.height - before.height) / 2;
    const { scale, x, y } = this.transform;
    this.transform = keepInSight({ scale, x: x + dx, y: y + dy }, this.image, after);
  }

  private panes(): Pane[] {
    return panesOf(this.size, this.display.layout);
  }

  private pane(): Pane {
    return this.panes()[0] as Pane;
  }

  private invalidate(): void {
    if (this.frameRequest === 0) {
      this.frameRequest = requestAnimationFrame(() => {
        this.frameRequest = 0;
        this.draw();
        this.publish();
      });
    }
  }

  private draw(): void {
    const { context, size, ratio } = this;
    if (!context) {
      return;
    }
    const width = Math.round(size.width * ratio);
    const height = Math.round(size.height * ratio);
    if (this.canvas.width !== width || this.canvas.height !== height) {
      this.canvas.width = width;
      this.canvas.height = height;
    }
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.fillStyle = BACKGROUND;
    context.fillRect(0, 0, size.width, size.height);
    const panes = this.panes();
    this.drawPanes(context, panes);
    const second = panes[1];
    if (second) {
      context.fillStyle = DIVIDER_COLOR;
      context.fillRect(second.x - 2, 0, 2, size.height);
    }
    this.frame += 1;
  }

  private drawPanes(context: CanvasRenderingContext2D, panes: Pane[]): void {
    const { image, scratch, transform } = this;
    const [first] = panes;
    if (!image || !scratch || !first) {
      return;
    }
    const scene: Scene = {
      image,
      // Spelled out: an ImageBitmap's sides are not its own properties, and would be lost in a spread.
      imageSize: { width: image.width, height: image.height },
      transform,
      window: this.display.window,
      layer: this.drawn,
      cursor: this.cursor?.image ?? null,
      cursorPane: panes.find((pane) => pane.x === this.cursor?.pane?.x) ?? null,
    };
    // Both panes show the same base; hovering and opacity do not change it.
    const key = JSON.stringify([transform, scene.window, first.width, first.height, this.ratio]);
    if (key !== this.baseKey) {
      drawBase(scratch, scene, first, this.ratio);
      this.baseKey = key;
    }
    for (const pane of panes) {
      drawPane(context, scratch.canvas, scene, pane);
    }
  }

  private publish(): void {
    this.snapshot = {
      zoomPercent: zoomPercent(this.transform, this.ratio),
      fitted: this.fitted,
      probe: this.probe(),
      frame: this.frame,
    };
    for (const listener of this.listeners) {
      listener();
    }
  }

  private probe(): Probe | null {
    const { cursor, image } = this;
    if (!cursor || !image) {
      return null;
    }
    const x = Math.floor(cursor.image.x);
    const y = Math.floor(cursor.image.y);
    if (x < 0 || y < 0 || x >= image.width || y >= image.height) {
      return null;
    }
    const layer = this.display.layer;
    const cell = layer && cellAt(layer.grid, layer.region, cursor.image);
    const value = layer && cell ? valueAt(layer.grid, cell) : null;
    return { x, y, rgb: this.pixels.read(image, x, y), cell, value };
  }
}
