import { useEffect, useRef } from "react";
import { useShortcutsEnabled } from "./use-shortcuts-enabled";

export type Shortcuts = Record<string, (event: KeyboardEvent) => void>;

const TEXT_INPUTS =
  "input:not([type=range]):not([type=radio]):not([type=checkbox]),textarea,select";

/** Whether a key press belongs to something that takes text, or to an open dialog or list. */
export function isTaken(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) {
    return true;
  }
  const target = event.target instanceof Element ? event.target : null;
  return (
    target?.closest(
      `${TEXT_INPUTS},[contenteditable=true],[role=dialog],[role=listbox],[role=menu]`,
    ) != null
  );
}

/**
 * Single-key shortcuts on the whole page, by `KeyboardEvent.key`. They stay silent while somebody types,
 * and everybody can switch them off in the help sheet (WCAG 2.1.4).
 */
export function useShortcuts(shortcuts: Shortcuts, active = true): void {
  const current = useRef(shortcuts);
  const [enabled] = useShortcutsEnabled();
  useEffect(() => {
    current.current = shortcuts;
  });
  useEffect(() => {
    if (!active || !enabled) {
      return;
    }
    const onKeyDown = (event: KeyboardEvent) => {
      const action = isTaken(event) ? undefined : current.current[event.key];
      if (action) {
        event.preventDefault();
        action(event);
      }
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [active, enabled]);
}
