/** The canvas of an item: image and map on one transform. Knows neither React nor what is asked. */

import { Camera } from "../../../shared/imaging/camera";
import { type Point, rectangleToPane, type Size } from "../../../shared/imaging/transform";
import { IDENTITY, type WindowLevel } from "../../../shared/imaging/window-level";
import { windowPixels } from "../../../shared/imaging/window-pixels";

/** From here on image pixels are shown as squares, as in the viewer of cases. */
const SQUARES_FROM_SCALE = 6;
const BACKGROUND = "#000";

export interface Picture {
  image: CanvasImageSource;
  /** Of the image as the study keeps it. */
  size: Size;
  /** Over the whole image. */
  map: CanvasImageSource | null;
}

export interface Display {
  /** Of the map, 0 to 1; 0: the image alone. */
  opacity: number;
  window: WindowLevel;
}

export class ItemStage {
  private readonly camera = new Camera();
  private picture: Picture | null = null;
  private display: Display = { opacity: 0.6, window: IDENTITY };
  private size: Size = { width: 1, height: 1 };
  private ratio = 1;
  private frame: number | null = null;
  private readonly canvas: HTMLCanvasElement;

  constructor(canvas: HTMLCanvasElement) {
    this.canvas = canvas;
  }

  /** Draws at once, not with the next frame: the reader waits for it. Another image begins fitted. */
  setPicture(picture: Picture | null): void {
    this.picture = picture;
    this.camera.setImage(picture?.size ?? null);
    this.draw();
  }

  setDisplay(display: Display): void {
    this.display = display;
    this.draw();
  }

  resize(size: Size, ratio: number): void {
    this.size = size;
    this.ratio = ratio;
    this.camera.setPane(size);
    this.draw();
  }

  fit(): void {
    this.camera.fit();
    this.ask();
  }

  zoom(factor: number, anchor?: Point): void {
    this.camera.zoom(factor, anchor);
    this.ask();
  }

  pan(dx: number, dy: number): void {
    this.camera.pan(dx, dy);
    this.ask();
  }

  dispose(): void {
    if (this.frame !== null) {
      cancelAnimationFrame(this.frame);
    }
  }

  private ask(): void {
    this.frame ??= requestAnimationFrame(() => this.draw());
  }

  private draw(): void {
    if (this.frame !== null) {
      cancelAnimationFrame(this.frame);
      this.frame = null;
    }
    const context = this.canvas.getContext("2d");
    if (!context) {
      return;
    }
    const { canvas, size, ratio, picture, display } = this;
    const width = Math.max(1, Math.round(size.width * ratio));
    const height = Math.max(1, Math.round(size.height * ratio));
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
    }
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.globalAlpha = 1;
    context.fillStyle = BACKGROUND;
    context.fillRect(0, 0, size.width, size.height);
    if (!picture) {
      return;
    }
    const { transform } = this.camera;
    const place = rectangleToPane(transform, { x: 0, y: 0, ...picture.size });
    context.imageSmoothingEnabled = transform.scale * ratio < SQUARES_FROM_SCALE;
    context.imageSmoothingQuality = "high";
    context.drawImage(picture.image, place.x, place.y, place.width, place.height);
    windowPixels(context, place, display.window, ratio);
    if (picture.map && display.opacity > 0) {
      context.globalAlpha = display.opacity;
      context.imageSmoothingEnabled = true;
      context.drawImage(picture.map, place.x, place.y, place.width, place.height);
    }
  }
}
