import { type RefObject, useEffect, useRef } from "react";
import { type Box, boxBetween, moved, type Point, type Size } from "../lib/regions";
import type { Regions } from "./use-regions";

interface DrawingOptions {
  /** Lies over the whole picture and has its proportions. */
  layer: RefObject<HTMLElement | null>;
  size: Size;
  regions: Regions;
  /** Of a new one; null: all frames. */
  frame: number | null;
}

type Drag = { start: Point; gesture: string } & (
  | { kind: "draw"; from: { x: number; y: number }; id: number | null }
  | { kind: "move"; id: number; before: Box }
  | { kind: "resize"; id: number; opposite: Point }
);

const PRIMARY = 0;
/** CSS pixels. A click is no rectangle. */
const LEAST_DRAG = 3;

/** Mouse, pen and finger on the picture: draws on empty ground, moves a rectangle, or resizes it at a corner. */
export function useDrawing(options: DrawingOptions): void {
  const current = useRef(options);
  useEffect(() => {
    current.current = options;
  });
  const { layer } = options;
  const gestures = useRef(0);

  useEffect(() => {
    const element = layer.current;
    if (!element) {
      return;
    }
    let drag: Drag | null = null;

    const pointOf = ({ clientX, clientY }: PointerEvent): Point => {
      const { left, top, width, height } = element.getBoundingClientRect();
      const { size } = current.current;
      return {
        x: ((clientX - left) / Math.max(1, width)) * size.width,
        y: ((clientY - top) / Math.max(1, height)) * size.height,
      };
    };

    const beginOf = (event: PointerEvent): Drag => {
      gestures.current += 1;
      const common = { start: pointOf(event), gesture: `drag-${gestures.current}` };
      const target = event.target instanceof Element ? event.target : null;
      const id = Number(target?.closest<HTMLElement>("[data-region]")?.dataset.region);
      const box = current.current.regions.all.find((region) => region.id === id);
      if (!box) {
        const from = { x: event.clientX, y: event.clientY };
        return { ...common, kind: "draw", from, id: null };
      }
      current.current.regions.act({ type: "select", id });
      const corner = target?.closest<HTMLElement>("[data-corner]")?.dataset.corner;
      return corner
        ? { ...common, kind: "resize", id, opposite: oppositeOf(box, corner) }
        : { ...common, kind: "move", id, before: box };
    };

    const draw = (event: PointerEvent, point: Point, active: Drag & { kind: "draw" }) => {
      const { regions, size, frame } = current.current;
      const box = boxBetween(active.start, point, size);
      const { gesture } = active;
      const distance = Math.hypot(event.clientX - active.from.x, event.clientY - active.from.y);
      if (active.id !== null) {
        regions.act({ type: "change", id: active.id, changes: box, gesture });
      } else if (distance >= LEAST_DRAG) {
        active.id = regions.nextId;
        regions.act({ type: "add", box, frame, gesture });
      }
    };

    /** Otherwise the browser would select text, and drag the selection the next time. */
    const onMouseDown = (event: MouseEvent) => {
      event.preventDefault();
      const target = event.target instanceof Element ? event.target : null;
      const region = target?.closest<HTMLElement>("[data-region]");
      if (region) {
        region.focus({ preventScroll: true });
      } else if (document.activeElement instanceof HTMLElement) {
        document.activeElement.blur();
      }
    };

    const onDown = (event: PointerEvent) => {
      if (event.button === PRIMARY && !drag) {
        drag = beginOf(event);
        element.setPointerCapture?.(event.pointerId);
      }
    };

    const onMove = (event: PointerEvent) => {
      if (!drag) {
        return;
      }
      const point = pointOf(event);
      const { regions, size } = current.current;
      if (drag.kind === "draw") {
        draw(event, point, drag);
        return;
      }
      const { id, gesture } = drag;
      const changes =
        drag.kind === "move"
          ? moved(drag.before, { x: point.x - drag.start.x, y: point.y - drag.start.y }, size)
          : boxBetween(drag.opposite, point, size);
      regions.act({ type: "change", id, changes, gesture });
    };

    const onUp = () => {
      if (drag?.kind === "draw" && drag.id === null) {
        current.current.regions.act({ type: "select", id: null });
      }
      drag = null;
    };

    const listening = new AbortController();
    const { signal } = listening;
    element.addEventListener("mousedown", onMouseDown, { signal });
    element.addEventListener("pointerdown", onDown, { signal });
    element.addEventListener("pointermove", onMove, { signal });
    element.addEventListener("pointerup", onUp, { signal });
    element.addEventListener("pointercancel", onUp, { signal });
    return () => listening.abort();
  }, [layer]);
}

/** The corner that stays: of "nw" the lower right one. */
function oppositeOf(box: Box, corner: string): Point {
  return {
    x: corner.includes("w") ? box.x + box.width : box.x,
    y: corner.includes("n") ? box.y + box.height : box.y,
  };
}
