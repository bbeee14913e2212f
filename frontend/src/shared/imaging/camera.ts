/** Which part of the image is seen: the transform, and whether it follows the size of the pane. */

import {
  fitToPane,
  oneToOne,
  type Point,
  panBy,
  placeView,
  type Raster,
  type Rectangle,
  type Size,
  SQUARE,
  type Transform,
  type View,
  viewOf,
  zoomAt,
} from "./transform";

export class Camera {
  transform: Transform = { scale: 1, pixel: SQUARE, x: 0, y: 0 };
  /** Told of every view that was not set from outside; null: fitted. */
  onView: (view: View | null) => void = () => undefined;
  private image: Raster | null = null;
  private pane: Size = { width: 1, height: 1 };
  /** Null: the image fits the pane; undefined: somebody has zoomed or panned here. */
  private placed: View | null | undefined = null;

  get fitted(): boolean {
    return this.placed === null;
  }

  /** A view that was set before its image came waits for it; another image begins fitted. */
  setImage(image: Raster | null): void {
    if (this.image || this.placed === undefined) {
      this.placed = null;
    }
    this.image = image;
    this.follow();
  }

  /** After a change of size or layout. Who has zoomed keeps scale and middle. */
  setPane(pane: Size): void {
    const before = this.pane;
    this.pane = pane;
    if (!this.image || this.placed !== undefined) {
      this.follow();
      return;
    }
    const dx = (pane.width - before.width) / 2;
    const dy = (pane.height - before.height) / 2;
    this.move(panBy(this.transform, dx, dy, this.image, pane));
  }

  /** In image pixels, and so the same for panes of any size. Null when fitted. */
  view(): View | null {
    if (this.placed !== undefined || !this.image) {
      return this.placed ?? null;
    }
    return viewOf(this.transform, this.image, this.pane);
  }

  setView(view: View | null): void {
    this.placed = view;
    this.follow();
  }

  fit(): void {
    this.setView(null);
    this.onView(null);
  }

  oneToOne(ratio: number): void {
    if (this.image) {
      this.move(oneToOne(this.image, this.pane, ratio));
    }
  }

  /** Zooms around a point of the pane, or around its middle. */
  zoom(factor: number, anchor?: Point): void {
    if (this.image) {
      const { image, pane } = this;
      const middle = { x: pane.width / 2, y: pane.height / 2 };
      this.move(zoomAt(this.transform, anchor ?? middle, factor, image, pane));
    }
  }

  pan(dx: number, dy: number): void {
    if (this.image) {
      this.move(panBy(this.transform, dx, dy, this.image, this.pane));
    }
  }

  /** Pans as little as it takes for a rectangle of the pane to be seen. */
  reveal({ x, y, width, height }: Rectangle): void {
    const dx = shift(x, width, this.pane.width);
    const dy = shift(y, height, this.pane.height);
    if (dx !== 0 || dy !== 0) {
      this.pan(dx, dy);
    }
  }

  private move(transform: Transform): void {
    this.transform = transform;
    this.placed = undefined;
    this.onView(this.view());
  }

  private follow(): void {
    if (this.image && this.placed !== undefined) {
      this.transform = this.placed
        ? placeView(this.placed, this.image, this.pane)
        : fitToPane(this.image, this.pane);
    }
  }
}

function shift(from: number, length: number, room: number): number {
  const beyond = from + length - room;
  return from < 0 || length > room ? -from : beyond > 0 ? -beyond : 0;
}
