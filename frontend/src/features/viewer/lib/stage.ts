/**
 * The viewer's engine: holds camera, image, map, painting and cursor, and redraws its canvas when one of
 * them changed, at most once per animation frame. React only hands it values and reads its snapshot.
 */

import { Camera } from "../../../shared/imaging/camera";
import {
  type Point,
  rectangleToPane,
  type Size,
  toImage,
  type View,
  zoomPercent,
} from "../../../shared/imaging/transform";
import { clearCanvas, type DrawnLayer, drawBase, drawPane, type Scene } from "./draw";
import type { PaintedRegion, PaintTarget } from "./paint";
import { Painter, shownRegion } from "./painter";
import { locate, type Pane, panesOf } from "./panes";
import { PixelReader } from "./pixel-reader";
import { readProbe, stepPoint } from "./probe";
import { layerChanged, rasterize } from "./rasterize";
import { type Display, FIRST_DISPLAY, FIRST_SNAPSHOT, type StageSnapshot } from "./stage-state";

const DIVIDER_COLOR = "#2a2c2f";

export class Stage {
  private image: ImageBitmap | null = null;
  private readonly camera = new Camera();
  /** Strokes begin, and the keyboard's patch moves, through the stage, which knows what is where. */
  readonly painter = new Painter(() => this.invalidate());
  private strokePane: Pane | null = null;
  private region: PaintedRegion | null = null;
  private size: Size = { width: 1, height: 1 };
  private ratio = 1;
  private display = FIRST_DISPLAY;
  private drawn: DrawnLayer | null = null;
  private baseKey = "";
  private cursor: { image: Point; pane: Pane | null } | null = null;
  private frameRequest = 0;
  private frame = 0;
  private snapshot = FIRST_SNAPSHOT;
  private readonly listeners = new Set<() => void>();
  private readonly viewListeners = new Set<(view: View | null) => void>();
  private readonly pointListeners = new Set<(point: Point | null) => void>();
  private readonly context: CanvasRenderingContext2D | null;
  private readonly scratch: CanvasRenderingContext2D | null;
  private readonly pixels = new PixelReader();
  private readonly canvas: HTMLCanvasElement;

  constructor(canvas: HTMLCanvasElement) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d", { alpha: false });
    // In main memory, because windowing reads it back.
    this.scratch = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    this.camera.onView = (view) => {
      for (const listener of this.viewListeners) {
        listener(view);
      }
    };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly getSnapshot = (): StageSnapshot => this.snapshot;

  dispose(): void {
    cancelAnimationFrame(this.frameRequest);
    this.listeners.clear();
    this.viewListeners.clear();
    this.pointListeners.clear();
  }

  setImage(image: ImageBitmap | null): void {
    this.image = image;
    this.baseKey = "";
    this.cursor = null;
    this.camera.setImage(image);
    this.painter.setImage(image);
    this.invalidate();
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
      this.camera.setPane(this.pane());
    }
    this.invalidate();
  }

  /** A region that is only shown; what is being painted is drawn instead of it. */
  setRegion(region: PaintedRegion | null): void {
    this.region = region;
    this.invalidate();
  }

  setPaint(target: PaintTarget | null): void {
    this.painter.setTarget(target);
  }

  /** CSS size of the canvas and device pixels per CSS pixel. */
  resize(size: Size, ratio: number): void {
    this.size = { width: Math.max(1, size.width), height: Math.max(1, size.height) };
    this.ratio = ratio;
    this.camera.setPane(this.pane());
    this.invalidate();
  }

  /** What is seen, in image pixels; null while it is fitted to the window. */
  view(): View | null {
    return this.camera.view();
  }

  /** From outside: a link, or another stage. Tells nobody. May come before the image. */
  setView(view: View | null): void {
    this.camera.setView(view);
    this.invalidate();
  }

  /** Hears of every view that somebody chose here. */
  onView(listener: (view: View | null) => void): () => void {
    this.viewListeners.add(listener);
    return () => this.viewListeners.delete(listener);
  }

  fit(): void {
    this.camera.fit();
    this.invalidate();
  }

  oneToOne(): void {
    this.camera.oneToOne(this.ratio);
    this.invalidate();
  }

  /** Zooms around a point of the canvas, or around the middle. */
  zoom(factor: number, anchor?: Point): void {
    this.camera.zoom(factor, anchor && locate(this.panes(), anchor)?.point);
    this.invalidate();
  }

  pan(dx: number, dy: number): void {
    this.camera.pan(dx, dy);
    this.invalidate();
  }

  /** Puts the probe, and the brush, under a point of the canvas; null takes them away. */
  pointAt(point: Point | null): void {
    const found = point && this.locate(point);
    const image = found && toImage(this.camera.transform, found.point);
    this.cursor = found && image ? { image, pane: found.pane } : null;
    this.painter.point(image);
    this.invalidate();
    for (const listener of this.pointListeners) {
      listener(image);
    }
  }

  /** From outside: the crosshair at a point of the image, for somebody who points at it elsewhere. */
  showPoint(image: Point | null): void {
    this.cursor = image && { image, pane: null };
    this.invalidate();
  }

  /** Hears, in image pixels, what is pointed at here. */
  onPoint(listener: (point: Point | null) => void): () => void {
    this.pointListeners.add(listener);
    return () => this.pointListeners.delete(listener);
  }

  /** Moves the probe by cells, for the keyboard. */
  stepProbe(columns: number, rows: number): void {
    const { image, cursor, display } = this;
    if (image) {
      const from = cursor?.image ?? null;
      this.cursor = { image: stepPoint(image, display.layer, from, columns, rows), pane: null };
      this.invalidate();
    }
  }

  /** Begins a stroke at a point of the canvas. False where nothing is painted, or beside the panes. */
  beginStroke(point: Point, invert: boolean): boolean {
    const found = locate(this.panes(), point);
    if (!found || !this.image || !this.painter.active) {
      return false;
    }
    this.strokePane = found.pane;
    this.painter.begin(toImage(this.camera.transform, found.point), invert);
    return true;
  }

  /** Moves the keyboard's patch, and the image as far as it takes to see it. */
  stepPatch(columns: number, rows: number): void {
    const place = this.painter.step(columns, rows);
    if (place) {
      this.camera.reveal(rectangleToPane(this.camera.transform, place));
    }
  }

  /** A stroke goes on beyond its pane, so that an edge of the image can be painted in one go. */
  private locate({ x, y }: Point): { pane: Pane; point: Point } | null {
    const pane = this.painter.stroking ? this.strokePane : null;
    return pane
      ? { pane, point: { x: x - pane.x, y: y - pane.y } }
      : locate(this.panes(), { x, y });
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
    clearCanvas(this.canvas, context, size, ratio);
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
    const { image, scratch, region } = this;
    const { transform } = this.camera;
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
      paint: this.painter.scene() ?? (region && shownRegion(region, image)),
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

  /** Not during a stroke: whoever listens would work at every move of the pointer. */
  private publish(): void {
    if (this.painter.stroking) {
      return;
    }
    const { image, cursor } = this;
    this.snapshot = {
      zoomPercent: zoomPercent(this.camera.transform, this.ratio),
      fitted: this.camera.fitted,
      probe:
        image && cursor ? readProbe(this.pixels, image, this.display.layer, cursor.image) : null,
      patch: this.painter.cursor(),
      frame: this.frame,
    };
    for (const listener of this.listeners) {
      listener();
    }
  }
}
