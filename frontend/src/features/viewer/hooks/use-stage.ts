import { type RefObject, useEffect, useState, useSyncExternalStore } from "react";
import { Stage } from "../lib/stage";
import { type Display, FIRST_SNAPSHOT, type StageSnapshot } from "../lib/stage-state";
import type { ShownValues } from "../lib/value-picture";

const subscribeToNothing = () => () => undefined;

/** Makes the stage for a canvas, keeps it at the canvas's size, and gives it image or values, and display. */
export function useStage(
  canvas: RefObject<HTMLCanvasElement | null>,
  image: ImageBitmap | null,
  display: Display,
  values: ShownValues | null,
): { stage: Stage | null; snapshot: StageSnapshot } {
  const [stage, setStage] = useState<Stage | null>(null);

  useEffect(() => {
    const element = canvas.current;
    if (!element) {
      return;
    }
    const made = new Stage(element);
    const resize = () => {
      const { clientWidth, clientHeight } = element;
      made.resize({ width: clientWidth, height: clientHeight }, window.devicePixelRatio || 1);
    };
    const observer = new ResizeObserver(resize);
    observer.observe(element);
    // Zooming the page or moving it to another monitor changes the ratio, sometimes without a resize.
    window.addEventListener("resize", resize);
    resize();
    setStage(made);
    return () => {
      observer.disconnect();
      window.removeEventListener("resize", resize);
      made.dispose();
    };
  }, [canvas]);

  useEffect(() => stage?.setImage(image), [stage, image]);
  useEffect(() => stage?.setValues(values), [stage, values]);
  useEffect(() => stage?.setDisplay(display), [stage, display]);

  const snapshot = useSyncExternalStore(
    stage?.subscribe ?? subscribeToNothing,
    stage?.getSnapshot ?? (() => FIRST_SNAPSHOT),
  );
  return { stage, snapshot };
}
