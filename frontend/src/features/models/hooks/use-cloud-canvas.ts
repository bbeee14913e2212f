import { type RefObject, useEffect, useRef, useState } from "react";
import { drawCloud, projectTokens, type Scene } from "../lib/draw-cloud";
import { pick, turn, type View, zoomBy } from "../lib/projection";

const REACH = 10;
const RADIANS_PER_PIXEL = 0.008;

type CloudScene = Omit<Scene, "width" | "height">;

interface CloudCanvas {
  canvas: RefObject<HTMLCanvasElement | null>;
}

/** Keeps a canvas in step with the scene and its size; the pointer turns it, and the wheel zooms while it has the focus. */
export function useCloudCanvas(
  scene: CloudScene,
  setView: (change: (view: View) => View) => void,
  setChosen: (token: number | null) => void,
): CloudCanvas {
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useSize(canvas);
  const latest = useRef({ scene, size });
  useEffect(() => {
    latest.current = { scene, size };
  });

  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext("2d");
    if (!element || !context || size.width === 0) {
      return;
    }
    const frame = requestAnimationFrame(() => {
      const ratio = window.devicePixelRatio || 1;
      element.width = Math.round(size.width * ratio);
      element.height = Math.round(size.height * ratio);
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      drawCloud(context, { ...scene, ...size });
    });
    return () => cancelAnimationFrame(frame);
  }, [scene, size]);

  useEffect(() => {
    const element = canvas.current;
    if (!element) {
      return;
    }
    let dragged: { x: number; y: number } | null = null;
    const onDown = (event: PointerEvent) => {
      dragged = { x: event.clientX, y: event.clientY };
      element.setPointerCapture?.(event.pointerId);
    };
    const onMove = (event: PointerEvent) => {
      if (dragged) {
        const [right, down] = [event.clientX - dragged.x, event.clientY - dragged.y];
        dragged = { x: event.clientX, y: event.clientY };
        setView((view) => turn(view, right * RADIANS_PER_PIXEL, down * RADIANS_PER_PIXEL));
        return;
      }
      const box = element.getBoundingClientRect();
      const { scene: now, size: area } = latest.current;
      const points = projectTokens({ ...now, ...area });
      setChosen(pick(points, event.clientX - box.left, event.clientY - box.top, REACH));
    };
    const onUp = () => {
      dragged = null;
    };
    // Elsewhere the wheel scrolls the page.
    const onWheel = (event: WheelEvent) => {
      if (document.activeElement === element || event.ctrlKey) {
        event.preventDefault();
        setView((view) => zoomBy(view, Math.exp(-event.deltaY / 500)));
      }
    };
    element.addEventListener("pointerdown", onDown);
    element.addEventListener("pointermove", onMove);
    element.addEventListener("pointerup", onUp);
    element.addEventListener("pointercancel", onUp);
    element.addEventListener("wheel", onWheel, { passive: false });
    return () => {
      element.removeEventListener("pointerdown", onDown);
      element.removeEventListener("pointermove", onMove);
      element.removeEventListener("pointerup", onUp);
      element.removeEventListener("pointercancel", onUp);
      element.removeEventListener("wheel", onWheel);
    };
  }, [setView, setChosen]);
  return { canvas };
}

/** Of the element in CSS pixels, kept up to date. */
function useSize(element: RefObject<HTMLElement | null>): { width: number; height: number } {
  const [size, setSize] = useState({ width: 0, height: 0 });
  useEffect(() => {
    const box = element.current;
    if (!box) {
      return;
    }
    const measure = () => {
      const { clientWidth: width, clientHeight: height } = box;
      setSize((now) => (now.width === width && now.height === height ? now : { width, height }));
    };
    measure();
    const watch = new ResizeObserver(measure);
    watch.observe(box);
    return () => watch.disconnect();
  }, [element]);
  return size;
}
