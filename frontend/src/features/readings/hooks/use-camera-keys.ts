import { useEffect } from "react";
import { isTaken, useShortcuts } from "../../../shared/hooks/use-shortcuts";
import { useShortcutsEnabled } from "../../../shared/hooks/use-shortcuts-enabled";
import type { ItemStage } from "../lib/item-stage";

const ZOOM_STEP = 1.25;
const PAN_STEP = 60;
const ARROWS: Record<string, readonly [number, number]> = {
  ArrowLeft: [1, 0],
  ArrowRight: [-1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

/** Zooming and moving by keys. Arrows need Shift: alone they belong to the answers. */
export function useCameraKeys(stage: ItemStage | null): void {
  useShortcuts({
    "0": () => stage?.fit(),
    "+": () => stage?.zoom(ZOOM_STEP),
    "=": () => stage?.zoom(ZOOM_STEP),
    "-": () => stage?.zoom(1 / ZOOM_STEP),
  });
  const [enabled] = useShortcutsEnabled();
  useEffect(() => {
    if (!enabled || !stage) {
      return;
    }
    const onKeyDown = (event: KeyboardEvent) => {
      const arrow = ARROWS[event.key];
      if (arrow && event.shiftKey && !isTaken(event)) {
        event.preventDefault();
        stage.pan(arrow[0] * PAN_STEP, arrow[1] * PAN_STEP);
      }
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [enabled, stage]);
}
