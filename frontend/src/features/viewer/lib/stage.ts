/**
 * The viewer's engine: holds camera, image, map, painting and cursor, and redraws its canvas when one of
 * them changed, at most once per animation frame. React only hands it values and reads its snapshot.
 */

import { Camera } from "../../../shared/imaging/camera";
import { lengthBetween } from "../../../shared/imaging/measure";
import {
  type Point,
  rectangleToPane,
  type Size,
  toImage,
  type View,
  zoomPercent,
} from "../../../shared/imaging/transform";
import { BaseLayer } from "./base-layer";
import { clearCanvas, type DrawnLayer, drawDivider, drawPanes, type Scene } from "./draw";
import { Listeners } from "./listeners";
import type { PaintedRegion, PaintTarget } from "./paint";
import { Painter, shownRegion } from "./painter";
import { locate, type Pane, panesOf } from "./panes";
import { stepPoint } from "./probe";
import { layerChanged, rasterize } from "./rasterize";
import { Ruler } from "./ruler";
import { StageContent } from "./stage-content";
import { type Display, FIRST_DISPLAY, FIRST_SNAPSHOT, type StageSnapshot } from "./stage-state";
import type { ShownValues } from "./value-picture";

export class Stage {
  private readonly content = new StageContent();
  private readonly camera = new Camera();
  /** Strokes begin, and the keyboard's patch moves, through the stage, which knows what is where. */
  readonly painter = new Painter(() => this.invalidate());
  readonly ruler = new Ruler(() => this.invalidate());
  private strokePane: Pane | null = null;
  private region: PaintedRegion | null = null;
  private size: Size = { width: 1, height: 1 };
  private ratio = 1;
  private hurried = false;
  private display = FIRST_DISPLAY;
  private drawn: DrawnLayer | null = null;
  private readonly base = new BaseLayer();
  private cursor: { image: Point; pane: Pane | null } | null = null;
  private frameRequest = 0;
  private frame = 0;
  private snapshot = FIRST_SNAPSHOT;
  private readonly listeners = new Listeners<void>();
  private readonly viewListeners = new Listeners<View | null>();
  private readonly pointListeners = new Listeners<Point | null>();
  private readonly context: CanvasRenderingContext2D | null;
  private readonly canvas: HTMLCanvasElement;

  constructor(canvas: HTMLCanvasElement) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d", { alpha: false });
    this.camera.onView = (view) => this.viewListeners.tell(view);
  }

  readonly subscribe = (listener: () => void): (() => void) => this.listeners.add(listener);

  readonly getSnapshot = (): StageSnapshot => this.snapshot;

  dispose(): void {
    cancelAnimationFrame(this.frameRequest);
    this.listeners.clear();
    this.viewListeners.clear();
    this.pointListeners.clear();
  }

  setImage(image: ImageBitmap | null): void {
    this.changed(this.content.setImage(image));
  }

  /** Values to be shown instead of the image. Another frame, or window, of the same size keeps the view. */
  setValues(shown: ShownValues | null): void {
    this.changed(this.content.setValues(shown));
  }

  private changed(another: boolean): void {
    this.base.forget();
    if (another) {
      this.cursor = null;
      this.ruler.clear();
      this.camera.setImage(this.content.size);
      this.painter.setImage(this.content.size);
    }
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

  /** While window and level are dragged a large image is only as fine as the screen, so that it follows the hand. */
  setHurried(hurried: boolean): void {
    if (this.hurried !== hurried) {
      this.hurried = hurried;
      this.base.forget();
      this.invalidate();
    }
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
    return this.viewListeners.add(listener);
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
    if (image) {
      this.ruler.move(image);
    }
    this.invalidate();
    this.pointListeners.tell(image);
  }

  /** From outside: the crosshair at a point of the image, for somebody who points at it elsewhere. */
  showPoint(image: Point | null): void {
    this.cursor = image && { image, pane: null };
    this.invalidate();
  }

  /** Hears, in image pixels, what is pointed at here. */
  onPoint(listener: (point: Point | null) => void): () => void {
    return this.pointListeners.add(listener);
  }

  /** Moves the probe by cells, for the keyboard. */
  stepProbe(columns: number, rows: number): void {
    const { content, cursor, display } = this;
    if (content.size) {
      const at = stepPoint(content.size, display.layer, cursor?.image ?? null, columns, rows);
      this.cursor = { image: at, pane: null };
      this.ruler.move(at);
      this.invalidate();
    }
  }

  /** Begins a stroke at a point of the canvas. False where nothing is painted, or beside the panes. */
  beginStroke(point: Point, invert: boolean): boolean {
    const found = locate(this.panes(), point);
    if (!found || !this.content.size || !this.painter.active) {
      return false;
    }
    this.strokePane = found.pane;
    this.painter.begin(toImage(this.camera.transform, found.point), invert);
    return true;
  }

  /** Begins to measure at a point of the canvas. False without an image, or beside the panes. */
  beginRuler(point: Point): boolean {
    const found = locate(this.panes(), point);
    if (!found || !this.content.size) {
      return false;
    }
    this.strokePane = found.pane;
    this.ruler.begin(toImage(this.camera.transform, found.point));
    return true;
  }

  /** Sets an end of the ruler where the keyboard's probe is. */
  markRuler(): void {
    if (!this.cursor) {
      this.stepProbe(0, 0);
    }
    if (this.cursor) {
      this.ruler.mark(this.cursor.image);
    }
  }

  /** Moves the keyboard's patch, and the image as far as it takes to see it. */
  stepPatch(columns: number, rows: number): void {
    const place = this.painter.step(columns, rows);
    if (place) {
      this.camera.reveal(rectangleToPane(this.camera.transform, place));
    }
  }

  /** A stroke, or the ruler, goes on beyond its pane, so that an edge of the image can be painted in one go. */
  private locate({ x, y }: Point): { pane: Pane; point: Point } | null {
    const pane = this.painter.stroking || this.ruler.measuring ? this.strokePane : null;
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
    this.drawImage(context, panes);
    drawDivider(context, panes);
    this.frame += 1;
  }

  private drawImage(context: CanvasRenderingContext2D, panes: Pane[]): void {
    const { content, region } = this;
    const { transform } = this.camera;
    const [first] = panes;
    const sight = first && { transform, pane: first, ratio: this.ratio, hurried: this.hurried };
    const piece = sight && content.piece(sight);
    if (!piece || !content.size) {
      return;
    }
    const scene: Scene = {
      piece,
      imageSize: content.size,
      transform,
      window: this.display.window,
      layer: this.drawn,
      cursor: this.cursor?.image ?? null,
      cursorPane: panes.find((pane) => pane.x === this.cursor?.pane?.x) ?? null,
      paint: this.painter.scene() ?? (region && shownRegion(region, content.size)),
      marks: content.picture.marks,
      ruler: this.ruler.scene(),
    };
    const base = this.base.drawn(scene, first, this.ratio);
    if (base) {
      drawPanes(context, base, scene, panes);
    }
  }

  /** Not during a stroke: whoever listens would work at every move of the pointer. */
  private publish(): void {
    if (this.painter.stroking) {
      return;
    }
    const { content, cursor } = this;
    const ruler = this.ruler.scene();
    this.snapshot = {
      zoomPercent: zoomPercent(this.camera.transform, this.ratio),
      fitted: this.camera.fitted,
      probe: cursor && content.probe(this.display.layer, cursor.image),
      patch: this.painter.cursor(),
      ruler: ruler && lengthBetween(ruler.from, ruler.to, content.picture.spacing),
      frame: this.frame,
    };
    this.listeners.tell();
  }
}
