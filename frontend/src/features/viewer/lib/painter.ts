/** The state of painting between pointer or key and canvas. Knows no DOM; `Stage` draws what it shows. */

import type { Point, Rectangle, Size } from "../../../shared/imaging/transform";
import {
  cellAtPoint,
  cellOf,
  disc,
  type PaintedRegion,
  type PaintTarget,
  type PatchCell,
  type PatchSet,
  painted,
  patchesOnImage,
  patchOf,
  patchRectangle,
  rectangleBetween,
  sameSet,
  strokeBetween,
} from "./paint";

interface Stroke {
  before: PatchSet;
  patches: PatchSet;
  erase: boolean;
  start: Point;
  last: Point;
}

/** What is drawn of the painting. */
export interface PaintScene extends PaintedRegion {
  /** Patches that show some of the image. */
  onImage: PatchSet;
  /** Being edited: the grid is drawn, too. */
  editing: boolean;
  /** What the next press would paint, under the pointer or the patch cursor. */
  reach: PatchSet;
  /** The keyboard's patch. */
  cursor: PatchCell | null;
  /** The rectangle while it is dragged, in image pixels. */
  frame: Rectangle | null;
}

/** The patch cursor, to be said aloud. */
export interface PaintCursor extends PatchCell {
  painted: boolean;
  onImage: boolean;
}

const NOTHING: PatchSet = new Set();

export class Painter {
  private target: PaintTarget | null = null;
  private image: Size | null = null;
  private onImage: PatchSet = NOTHING;
  private stroke: Stroke | null = null;
  /** Where the keyboard was last, and whether it is in use. */
  private cell: PatchCell | null = null;
  private usesKeys = false;
  private pointer: Point | null = null;
  private readonly onChange: () => void;

  /** `onChange` is called whenever something else is to be drawn. */
  constructor(onChange: () => void) {
    this.onChange = onChange;
  }

  get active(): boolean {
    return this.target !== null;
  }

  get stroking(): boolean {
    return this.stroke !== null;
  }

  setTarget(target: PaintTarget | null): void {
    const before = this.target;
    this.target = target;
    if (!target || !before || geometryDiffers(before, target)) {
      this.stroke = null;
      this.cell = null;
      this.usesKeys = false;
      this.measure();
    }
    this.onChange();
  }

  setImage(image: Size | null): void {
    this.image = image;
    this.stroke = null;
    this.measure();
    this.onChange();
  }

  /** `invert` makes brush and rectangle erase, and the eraser paint. */
  begin(at: Point, invert: boolean): void {
    const { target } = this;
    if (target) {
      const { patches } = target;
      const erase = (target.tool === "erase") !== invert;
      this.stroke = { before: patches, patches, erase, start: at, last: at };
      this.continue(at);
    }
  }

  /** Where the pointer is now; null when it has left. */
  point(at: Point | null): void {
    this.pointer = at;
    if (at) {
      this.usesKeys = false;
      this.continue(at);
    }
  }

  /** Hands the new set over, if there is one. */
  end(): void {
    const { stroke, target } = this;
    this.stroke = null;
    if (stroke && target && !sameSet(stroke.before, stroke.patches)) {
      this.target = { ...target, patches: stroke.patches };
      target.onStroke(stroke.patches);
    }
    this.onChange();
  }

  /** False when there was nothing to cancel. */
  cancel(): boolean {
    const had = this.stroke !== null;
    this.stroke = null;
    this.onChange();
    return had;
  }

  leave(): void {
    this.target?.onLeave?.();
  }

  /** Moves the patch cursor, which appears with the first key. Gives its place in image pixels. */
  step(columns: number, rows: number): Rectangle | null {
    const { target } = this;
    if (!target) {
      return null;
    }
    if (this.cell) {
      const cell = { row: this.cell.row + rows, column: this.cell.column + columns };
      const patch = patchOf(target.grid, cell);
      // Padding cannot be painted, so the cursor does not go there.
      if (patch !== null && this.onImage.has(patch)) {
        this.cell = cell;
      }
    } else {
      this.cell = this.beginning(target);
    }
    this.usesKeys = true;
    this.onChange();
    return this.cell && patchRectangle(target, this.cell);
  }

  /** Paints what the brush covers at the patch cursor, or erases it if the patch is painted. */
  toggle(): void {
    const { target, cell } = this;
    if (!target || !cell || !this.usesKeys) {
      this.step(0, 0);
      return;
    }
    const patch = patchOf(target.grid, cell);
    const erase = patch !== null && target.patches.has(patch);
    const patches = painted(target.patches, this.discAt(cell), erase, this.onImage);
    this.target = { ...target, patches };
    target.onStroke(patches);
    this.onChange();
  }

  scene(): PaintScene | null {
    const { target, stroke } = this;
    if (!target) {
      return null;
    }
    const { grid, region, keep, tool } = target;
    const framed = stroke && tool === "rectangle";
    return {
      ...{ grid, region, keep },
      patches: stroke?.patches ?? target.patches,
      onImage: this.onImage,
      editing: true,
      reach: framed ? NOTHING : this.reach(target),
      cursor: this.usesKeys ? this.cell : null,
      frame: framed ? between(stroke.start, stroke.last) : null,
    };
  }

  cursor(): PaintCursor | null {
    const { target, cell } = this;
    const patch = target && cell && patchOf(target.grid, cell);
    return cell && patch !== null && this.usesKeys
      ? {
          ...cell,
          painted: target?.patches.has(patch) ?? false,
          onImage: this.onImage.has(patch),
        }
      : null;
  }

  private continue(at: Point): void {
    const { stroke, target } = this;
    if (!stroke || !target) {
      return;
    }
    const to = cellAtPoint(target, at);
    const fromRectangle = target.tool === "rectangle";
    const from = cellAtPoint(target, fromRectangle ? stroke.start : stroke.last);
    const covered = fromRectangle
      ? rectangleBetween(target.grid, from, to)
      : strokeBetween(target.grid, from, to, target.radius);
    // A rectangle may shrink again; what a brush has passed stays.
    const base = fromRectangle ? stroke.before : stroke.patches;
    stroke.patches = painted(base, covered, stroke.erase, this.onImage);
    stroke.last = at;
    this.onChange();
  }

  private reach(target: PaintTarget): PatchSet {
    if (this.usesKeys && this.cell) {
      return new Set(this.discAt(this.cell));
    }
    if (!this.pointer) {
      return NOTHING;
    }
    const cell = cellAtPoint(target, this.pointer);
    return new Set(target.tool === "rectangle" ? disc(target.grid, cell, 0) : this.discAt(cell));
  }

  private discAt(cell: PatchCell): number[] {
    const { target } = this;
    return target
      ? disc(target.grid, cell, target.radius).filter((patch) => this.onImage.has(patch))
      : [];
  }

  /** Where the keyboard begins: under the pointer, in the middle, or wherever there is some image. */
  private beginning({ grid, region }: PaintTarget): PatchCell | null {
    const [rows, columns] = grid;
    const pointed = this.pointer && patchOf(grid, cellAtPoint({ grid, region }, this.pointer));
    const middle = Math.floor(rows / 2) * columns + Math.floor(columns / 2);
    const found = [pointed, middle, ...this.onImage].find(
      (patch) => patch !== null && this.onImage.has(patch),
    );
    return found === undefined || found === null ? null : cellOf(grid, found);
  }

  private measure(): void {
    const { target, image } = this;
    this.onImage = target && image ? patchesOnImage(target, image) : NOTHING;
  }
}

/** A region that is only shown. */
export function shownRegion(region: PaintedRegion, image: Size): PaintScene {
  return {
    ...region,
    onImage: patchesOnImage(region, image),
    editing: false,
    reach: NOTHING,
    cursor: null,
    frame: null,
  };
}

function geometryDiffers(one: PaintedRegion, other: PaintedRegion): boolean {
  const numbers = ({ grid, region }: PaintedRegion) => [
    ...grid,
    ...[region.x, region.y, region.width, region.height],
  ];
  return numbers(one).some((value, at) => value !== numbers(other)[at]);
}

function between(one: Point, other: Point): Rectangle {
  return {
    x: Math.min(one.x, other.x),
    y: Math.min(one.y, other.y),
    width: Math.abs(one.x - other.x),
    height: Math.abs(one.y - other.y),
  };
}
