import { useEffect, useRef } from "react";

export interface EditKeys {
  undo: () => void;
  redo: () => void;
  save: () => void;
}

/** A text that is being typed has its own undo; a score that was typed and taken has ours. */
const OWN_UNDO =
  "input:not([type=range]):not([type=radio]):not([type=checkbox]):not([data-undo=edits]),textarea,[contenteditable=true],[role=dialog]";

/** Ctrl+Z, Ctrl+Y, Ctrl+Shift+Z and Ctrl+S (with ⌘ on a Mac), on the whole page. */
export function useEditKeys(keys: EditKeys): void {
  const current = useRef(keys);
  useEffect(() => {
    current.current = keys;
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const action = actionOf(event);
      const target = event.target instanceof Element ? event.target : null;
      if (!action || event.defaultPrevented || target?.closest(OWN_UNDO)) {
        return;
      }
      event.preventDefault();
      current.current[action]();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);
}

function actionOf(event: KeyboardEvent): keyof EditKeys | null {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) {
    return null;
  }
  switch (event.key.toLowerCase()) {
    case "z":
      return event.shiftKey ? "redo" : "undo";
    case "y":
      return "redo";
    case "s":
      return event.shiftKey ? null : "save";
    default:
      return null;
  }
}
