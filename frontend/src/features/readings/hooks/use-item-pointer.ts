import { type RefObject, useEffect, useRef } from "react";
import type { Point } from "../../../shared/imaging/transform";
import type { WindowLevel } from "../../../shared/imaging/window-level";
import type { ItemStage } from "../lib/item-stage";

interface PointerOptions {
  canvas: RefObject<HTMLCanvasElement | null>;
  stage: ItemStage | null;
  window: WindowLevel;
  setWindow: (change: Partial<WindowLevel>) => void;
}

const SECONDARY = 2;
/** Grey values per CSS pixel of dragging, and the share of a zoom per unit of the wheel: as in the viewer of cases. */
const WINDOW_SPEED = 0.75;
const WHEEL_SPEED = Math.log(1.2) / 100;

/** Wheel zooms at the pointer, dragging moves, two fingers pinch, the right button sets window and level. */
export function useItemPointer(options: PointerOptions): void {
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
    const held = new Map<number, Point>();
    let windowing: { start: Point; before: WindowLevel } | null = null;

    const pointOf = (event: MouseEvent): Point => {
      const { left, top } = element.getBoundingClientRect();
      return { x: event.clientX - left, y: event.clientY - top };
    };
    const onDown = (event: PointerEvent) => {
      const point = pointOf(event);
      element.setPointerCapture(event.pointerId);
      if (event.button === SECONDARY) {
        windowing = { start: point, before: current.current.window };
      } else {
        held.set(event.pointerId, point);
      }
    };
    const onMove = (event: PointerEvent) => {
      const point = pointOf(event);
      if (windowing) {
        const { start, before } = windowing;
        current.current.setWindow({
          width: before.width + (point.x - start.x) * WINDOW_SPEED,
          level: before.level + (point.y - start.y) * WINDOW_SPEED,
        });
      } else if (held.has(event.pointerId)) {
        const before = gripOf(held);
        held.set(event.pointerId, point);
        const after = gripOf(held);
        stage.pan(after.x - before.x, after.y - before.y);
        if (held.size > 1) {
          stage.zoom(after.spread / before.spread, after);
        }
      }
    };
    const onUp = (event: PointerEvent) => {
      held.delete(event.pointerId);
      windowing = null;
    };
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 33 : 1;
      stage.zoom(Math.exp(-event.deltaY * lines * WHEEL_SPEED), pointOf(event));
    };

    const listening = new AbortController();
    const { signal } = listening;
    element.addEventListener("pointerdown", onDown, { signal });
    element.addEventListener("pointermove", onMove, { signal });
    element.addEventListener("pointerup", onUp, { signal });
    element.addEventListener("pointercancel", onUp, { signal });
    element.addEventListener("wheel", onWheel, { signal, passive: false });
    element.addEventListener("contextmenu", (event) => event.preventDefault(), { signal });
    return () => listening.abort();
  }, [canvas, stage]);
}

/** Middle of all fingers, and how far the first two are apart. */
function gripOf(held: Map<number, Point>): Point & { spread: number } {
  const points = [...held.values()];
  const x = points.reduce((sum, point) => sum + point.x, 0) / points.length;
  const y = points.reduce((sum, point) => sum + point.y, 0) / points.length;
  const [first, second] = points;
  const apart = first && second ? Math.hypot(first.x - second.x, first.y - second.y) : 1;
  return { x, y, spread: Math.max(1, apart) };
}
