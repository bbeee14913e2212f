import { type RefObject, useEffect, useRef } from "react";
import type { Point } from "../../../shared/imaging/transform";
import type { Stage } from "../lib/stage";
import type { Tool } from "./use-viewer-settings";

interface PointerOptions {
  canvas: RefObject<HTMLCanvasElement | null>;
  stage: Stage | null;
  tool: Tool;
  beginWindow: BeginWindow;
}

/** Gives what sets window and level for a drag by so many CSS pixels from where it began. */
export type BeginWindow = () => (dx: number, dy: number) => void;

type Drag =
  | { kind: "pan"; last: Point }
  | { kind: "window"; start: Point; set: ReturnType<BeginWindow> }
  | { kind: "ruler" }
  | { kind: "paint"; pointerId: number }
  | { kind: "pinch"; distance: number; middle: Point };

const PRIMARY = 0;
const MIDDLE = 1;
const SECONDARY = 2;
/** The other end of a pen that has an eraser there. */
const PEN_ERASER = 5;
/** A wheel step of 100 units zooms by a fifth. */
const WHEEL_SPEED = Math.log(1.2) / 100;

/**
 * Mouse, pen and touch on the canvas: wheel zooms at the pointer; dragging pans, or sets window (to the
 * right: wider) and level (down: higher) with the right button or in the window tool; two fingers move and
 * pinch. The ruler measures from where a drag begins to where it ends. Where a region is painted, dragging paints, and pans with Space held or with the middle button.
 */
export function useStagePointer(options: PointerOptions): void {
  const current = useRef(options);
  useEffect(() => {
    current.current = options;
  });
  const { canvas, stage } = options;

  useEffect(() => {
    const element = canvas.current;
    if (!element || !stage) {
      return;
    }
    const touches = new Map<number, Point>();
    let drag: Drag | null = null;
    let spaceHeld = false;
    /** Space alone, without dragging, toggles the patch under the keyboard's cursor. */
    let spaceUsed = false;

    const pointOf = (event: MouseEvent): Point => {
      const { left, top } = element.getBoundingClientRect();
      return { x: event.clientX - left, y: event.clientY - top };
    };

    const beginOf = (event: PointerEvent, point: Point): Drag | null => {
      const { tool, beginWindow } = current.current;
      const paints = (event.button === PRIMARY && !spaceHeld) || event.button === PEN_ERASER;
      const inverts = event.shiftKey || event.button === PEN_ERASER;
      if (paints && stage.beginStroke(point, inverts)) {
        return { kind: "paint", pointerId: event.pointerId };
      }
      const setsWindow = tool === "window" && !spaceHeld;
      if (event.button === SECONDARY || (event.button === PRIMARY && setsWindow)) {
        return { kind: "window", start: point, set: beginWindow() };
      }
      const measures = event.button === PRIMARY && tool === "ruler" && !spaceHeld;
      if (measures && stage.beginRuler(point)) {
        return { kind: "ruler" };
      }
      return event.button === PRIMARY || event.button === MIDDLE
        ? { kind: "pan", last: point }
        : null;
    };

    /** A hand that rests on the screen while a pen paints. */
    const isBystander = ({ pointerId }: PointerEvent) =>
      drag?.kind === "paint" && drag.pointerId !== pointerId;

    const onDown = (event: PointerEvent) => {
      const point = pointOf(event);
      if (event.pointerType === "touch") {
        touches.set(event.pointerId, point);
      }
      spaceUsed = true;
      if (drag?.kind === "paint" && !touches.has(drag.pointerId)) {
        return;
      }
      stage.setHurried(false);
      if (touches.size === 2) {
        // The first finger has painted a little, without meaning to.
        stage.painter.cancel();
        if (drag?.kind === "ruler") {
          stage.ruler.clear();
        }
        drag = { kind: "pinch", distance: spread(touches), middle: middle(touches) };
      } else {
        drag = beginOf(event, point);
      }
      if (drag) {
        element.setPointerCapture(event.pointerId);
        element.dataset.dragging = drag.kind;
      }
      if (event.button === MIDDLE) {
        event.preventDefault();
      }
    };

    const onMove = (event: PointerEvent) => {
      const point = pointOf(event);
      if (touches.has(event.pointerId)) {
        touches.set(event.pointerId, point);
      }
      if (isBystander(event)) {
        return;
      }
      stage.pointAt(point);
      if (drag?.kind === "pan") {
        stage.pan(point.x - drag.last.x, point.y - drag.last.y);
        drag.last = point;
      } else if (drag?.kind === "window") {
        stage.setHurried(true);
        drag.set(point.x - drag.start.x, point.y - drag.start.y);
      } else if (drag?.kind === "pinch") {
        const distance = spread(touches);
        const at = middle(touches);
        stage.pan(at.x - drag.middle.x, at.y - drag.middle.y);
        stage.zoom(distance / drag.distance, at);
        drag.distance = distance;
        drag.middle = at;
      }
    };

    const onUp = (event: PointerEvent) => {
      touches.delete(event.pointerId);
      if (isBystander(event)) {
        return;
      }
      if (drag?.kind === "paint" && event.type === "pointercancel") {
        stage.painter.cancel();
      } else if (drag?.kind === "paint") {
        stage.painter.end();
      } else if (drag?.kind === "ruler") {
        stage.ruler.end();
      }
      stage.setHurried(false);
      drag = null;
      delete element.dataset.dragging;
    };

    const onLeave = () => stage.pointAt(null);

    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 33 : 1;
      stage.zoom(Math.exp(-event.deltaY * lines * WHEEL_SPEED), pointOf(event));
    };

    const holdSpace = (held: boolean) => {
      spaceHeld = held;
      element.dataset.space = String(held);
    };

    const onSpace = (event: KeyboardEvent) => {
      if (event.key === " " && (event.target === element || event.target === document.body)) {
        spaceUsed = spaceHeld && spaceUsed;
        holdSpace(true);
        event.preventDefault();
      }
    };

    const onSpaceUp = (event: KeyboardEvent) => {
      if (event.key === " " && spaceHeld) {
        holdSpace(false);
        if (!spaceUsed && event.target === element) {
          stage.painter.toggle();
        }
      }
    };

    const onContextMenu = (event: Event) => event.preventDefault();

    const listening = new AbortController();
    const { signal } = listening;
    element.addEventListener("pointerdown", onDown, { signal });
    element.addEventListener("pointermove", onMove, { signal });
    element.addEventListener("pointerup", onUp, { signal });
    element.addEventListener("pointercancel", onUp, { signal });
    element.addEventListener("pointerleave", onLeave, { signal });
    element.addEventListener("wheel", onWheel, { signal, passive: false });
    element.addEventListener("contextmenu", onContextMenu, { signal });
    document.addEventListener("keydown", onSpace, { signal });
    document.addEventListener("keyup", onSpaceUp, { signal });
    return () => listening.abort();
  }, [canvas, stage]);
}

function spread(touches: Map<number, Point>): number {
  const [first, second] = [...touches.values()];
  return first && second ? Math.max(1, Math.hypot(first.x - second.x, first.y - second.y)) : 1;
}

function middle(touches: Map<number, Point>): Point {
  const points = [...touches.values()];
  const sum = points.reduce((total, { x, y }) => ({ x: total.x + x, y: total.y + y }), {
    x: 0,
    y: 0,
  });
  return { x: sum.x / points.length, y: sum.y / points.length };
}
