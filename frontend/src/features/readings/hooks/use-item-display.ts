import { useLocalStorage } from "@mantine/hooks";
import { useCallback, useEffect, useMemo, useState } from "react";
import { isTaken, useShortcuts } from "../../../shared/hooks/use-shortcuts";
import { useShortcutsEnabled } from "../../../shared/hooks/use-shortcuts-enabled";
import { confineWindow, IDENTITY, type WindowLevel } from "../../../shared/imaging/window-level";
import { bothCases } from "../lib/both-cases";

const FIRST_OPACITY = 0.6;
const OPACITY_STEP = 0.1;

export interface ItemDisplay {
  /** Of the map when it is shown, 0 to 1. */
  opacity: number;
  setOpacity: (opacity: number) => void;
  mapShown: boolean;
  toggleMap: () => void;
  /** Held down: the image alone. */
  held: boolean;
  setHeld: (held: boolean) => void;
  window: WindowLevel;
  setWindow: (change: Partial<WindowLevel>) => void;
  resetWindow: () => void;
}

/**
 * How an item is drawn. Window, level and a hidden map begin anew with each item, so that none is judged by accident
 * under the settings of the one before; opacity is a preference of the computer.
 */
export function useItemDisplay(itemKey: string): ItemDisplay {
  const [stored, setStored] = useLocalStorage({
    key: "vitrine.reading.opacity",
    defaultValue: FIRST_OPACITY,
    getInitialValueInEffect: false,
  });
  const [held, setHeld] = useState(false);
  const [ofItem, setOfItem] = useState({ itemKey, mapShown: true, window: IDENTITY });
  const fresh = ofItem.itemKey === itemKey ? ofItem : { itemKey, mapShown: true, window: IDENTITY };
  if (fresh !== ofItem) {
    setOfItem(fresh);
  }
  const { mapShown, window } = fresh;
  const opacity = typeof stored === "number" && stored >= 0 && stored <= 1 ? stored : FIRST_OPACITY;

  const setOpacity = useCallback(
    (next: number) => setStored(Math.min(1, Math.max(0, Math.round(next * 20) / 20))),
    [setStored],
  );
  const toggleMap = useCallback(
    () => setOfItem((before) => ({ ...before, mapShown: !before.mapShown })),
    [],
  );
  const setWindow = useCallback(
    (change: Partial<WindowLevel>) =>
      setOfItem((before) => ({
        ...before,
        window: confineWindow({ ...before.window, ...change }),
      })),
    [],
  );
  const resetWindow = useCallback(
    () => setOfItem((before) => ({ ...before, window: IDENTITY })),
    [],
  );
  return useMemo(
    () => ({
      ...{ opacity, setOpacity, mapShown, toggleMap, held, setHeld, window, setWindow },
      resetWindow,
    }),
    [opacity, setOpacity, mapShown, toggleMap, held, window, setWindow, resetWindow],
  );
}

/** The keys that change how the item is drawn. */
export function useDisplayKeys(display: ItemDisplay, hasMap: boolean): void {
  const { opacity, setOpacity, toggleMap, setHeld, window, setWindow, resetWindow } = display;
  const keys = bothCases({
    o: () => hasMap && toggleMap(),
    "[": () => hasMap && setOpacity(opacity - OPACITY_STEP),
    "]": () => hasMap && setOpacity(opacity + OPACITY_STEP),
    i: () => setWindow({ invert: !window.invert }),
    r: resetWindow,
  });
  useShortcuts(keys);
  const [enabled] = useShortcutsEnabled();
  useEffect(() => {
    if (!enabled || !hasMap) {
      return;
    }
    const onDown = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() === "h" && !isTaken(event)) {
        setHeld(true);
      }
    };
    const onUp = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() === "h") {
        setHeld(false);
      }
    };
    const letGo = () => setHeld(false);
    document.addEventListener("keydown", onDown);
    document.addEventListener("keyup", onUp);
    globalThis.addEventListener("blur", letGo);
    return () => {
      document.removeEventListener("keydown", onDown);
      document.removeEventListener("keyup", onUp);
      globalThis.removeEventListener("blur", letGo);
    };
  }, [enabled, hasMap, setHeld]);
}
