import { useEffect, useRef } from "react";
import { useShortcuts } from "../../../shared/hooks/use-shortcuts";
import { bothCases } from "../lib/both-cases";

interface RoomKeys {
  onSubmit: () => void;
  onComment: () => void;
  onAsk: () => void;
  onPause: () => void;
  onHelp: () => void;
  /** An item is shown, and nothing lies over it. */
  active: boolean;
}

/** Keys of the room; those of the image and of the questions stand with the item. */
export function useRoomKeys(keys: RoomKeys): void {
  const { active } = keys;
  const { onComment: c, onAsk: q, onPause: p, onHelp } = keys;
  useShortcuts(bothCases({ c, q, p, "?": onHelp }), active);
  const current = useRef(keys);
  useEffect(() => {
    current.current = keys;
  });
  useEffect(() => {
    if (!active) {
      return;
    }
    // Not a single-key shortcut: Enter submits forms everywhere, also where shortcuts are switched off.
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key === "Enter" && !event.repeat && submits(event)) {
        event.preventDefault();
        current.current.onSubmit();
      }
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [active]);
}

/** Enter belongs to buttons, links and dialogs first; in a long text it is a new line, with Ctrl it is not. */
function submits(event: KeyboardEvent): boolean {
  const target = event.target instanceof Element ? event.target : null;
  if (event.defaultPrevented || target?.closest("button,a,[role=dialog],[role=listbox]")) {
    return false;
  }
  return !target?.matches("textarea") || event.ctrlKey || event.metaKey;
}
