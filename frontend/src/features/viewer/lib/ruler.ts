/** A distance between two points of the image: dragged, or set point by point with the keyboard. */

import type { Point } from "../../../shared/imaging/transform";

export interface RulerScene {
  from: Point;
  to: Point;
}

export class Ruler {
  private ends: RulerScene | null = null;
  private open = false;
  private readonly changed: () => void;

  constructor(changed: () => void) {
    this.changed = changed;
  }

  /** Whether its second end still follows the pointer. */
  get measuring(): boolean {
    return this.open;
  }

  scene(): RulerScene | null {
    return this.ends;
  }

  begin(at: Point): void {
    this.ends = { from: at, to: at };
    this.open = true;
    this.changed();
  }

  move(to: Point): void {
    if (this.open && this.ends) {
      this.ends = { ...this.ends, to };
      this.changed();
    }
  }

  /** A click without a drag measures nothing. */
  end(): void {
    this.open = false;
    const { ends } = this;
    if (ends && ends.from.x === ends.to.x && ends.from.y === ends.to.y) {
      this.ends = null;
    }
    this.changed();
  }

  /** For the keyboard: the first end, then the second one. */
  mark(at: Point): void {
    if (this.open) {
      this.move(at);
      this.end();
    } else {
      this.begin(at);
    }
  }

  /** False: there was nothing to clear. */
  clear(): boolean {
    const was = this.ends !== null;
    this.ends = null;
    this.open = false;
    if (was) {
      this.changed();
    }
    return was;
  }
}
