import { type KeyboardEvent, useCallback, useState } from "react";

const STEPS: Record<string, (at: number, count: number) => number> = {
  ArrowDown: (at, count) => Math.min(count - 1, at + 1),
  ArrowUp: (at) => Math.max(0, at - 1),
  Home: () => 0,
  End: (_, count) => count - 1,
};

/** In lists that stand in several columns. */
const SIDEWAYS: Record<string, string> = { ArrowRight: "ArrowDown", ArrowLeft: "ArrowUp" };

/**
 * A long list as one stop of the Tab key: arrow keys, Home and End move between the elements marked
 * `data-roving` inside, and Tab comes back to the one that was left.
 */
export function useRovingFocus({ sideways = false } = {}) {
  const [current, setCurrent] = useState<string | null>(null);

  const onKeyDown = useCallback(
    (event: KeyboardEvent<HTMLElement>) => {
      const step = STEPS[(sideways && SIDEWAYS[event.key]) || event.key];
      const rows = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-roving]")];
      const at = rows.indexOf(event.target as HTMLElement);
      if (step && at >= 0) {
        event.preventDefault();
        rows[step(at, rows.length)]?.focus();
      }
    },
    [sideways],
  );

  const isTabbable = useCallback(
    (id: string, isFirst: boolean) => (current === null ? isFirst : current === id),
    [current],
  );

  return { onKeyDown, isTabbable, setCurrent };
}
