import { useEffect, useRef } from "react";

interface EditorKeys {
  undo: () => void;
  redo: () => void;
  save: () => void;
}

/**
 * Ctrl+Z, Ctrl+Shift+Z or Ctrl+Y, and Ctrl+S, also while somebody types in a field: what the browser would undo
 * there is known to the draft too. Open dialogs keep their own.
 */
export function useEditorKeys(keys: EditorKeys, active: boolean): void {
  const current = useRef(keys);
  useEffect(() => {
    current.current = keys;
  });
  useEffect(() => {
    if (!active) {
      return;
    }
    const onKeyDown = (event: KeyboardEvent) => {
      const action = actionOf(event);
      const target = event.target instanceof Element ? event.target : null;
      if (action && !event.defaultPrevented && !target?.closest("[role=dialog]")) {
        event.preventDefault();
        current.current[action]();
      }
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [active]);
}

function actionOf(event: KeyboardEvent): keyof EditorKeys | null {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) {
    return null;
  }
  switch (event.key.toLowerCase()) {
    case "z":
      return event.shiftKey ? "redo" : "undo";
    case "y":
      return "redo";
    case "s":
      return "save";
    default:
      return null;
  }
}
