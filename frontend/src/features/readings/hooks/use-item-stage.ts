import { type RefObject, useLayoutEffect, useRef, useState } from "react";
import { type Display, ItemStage, type Picture } from "../lib/item-stage";

/** Makes the stage for a canvas, keeps it at the canvas's size, and gives it what is to be seen. */
export function useItemStage(
  canvas: RefObject<HTMLCanvasElement | null>,
  picture: Picture | null,
  display: Display,
  onShown: (() => void) | undefined,
): ItemStage | null {
  const [stage, setStage] = useState<ItemStage | null>(null);
  const shown = useRef(onShown);
  useLayoutEffect(() => {
    shown.current = onShown;
  });

  useLayoutEffect(() => {
    const element = canvas.current;
    if (!element) {
      return;
    }
    const made = new ItemStage(element);
    const resize = () => {
      const { clientWidth, clientHeight } = element;
      made.resize({ width: clientWidth, height: clientHeight }, window.devicePixelRatio || 1);
    };
    const observer = new ResizeObserver(resize);
    observer.observe(element);
    window.addEventListener("resize", resize);
    resize();
    setStage(made);
    return () => {
      observer.disconnect();
      window.removeEventListener("resize", resize);
      made.dispose();
    };
  }, [canvas]);

  // Before the picture: a new one must not flash under the settings of the one before.
  useLayoutEffect(() => stage?.setDisplay(display), [stage, display]);
  useLayoutEffect(() => {
    stage?.setPicture(picture);
    return stage && picture ? afterPaint(() => shown.current?.()) : undefined;
  }, [stage, picture]);
  return stage;
}

/** Calls back once the browser has painted what was just drawn. */
function afterPaint(callback: () => void): () => void {
  const channel = new MessageChannel();
  const close = () => {
    channel.port1.onmessage = null;
    channel.port1.close();
  };
  channel.port1.onmessage = () => {
    close();
    callback();
  };
  const frame = requestAnimationFrame(() => channel.port2.postMessage(null));
  return () => {
    cancelAnimationFrame(frame);
    close();
  };
}
