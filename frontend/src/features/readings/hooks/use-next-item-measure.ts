import { useCallback, useRef } from "react";

const MEASURE = "vitrine-next-item";

/** From the key that submits to the next item on the screen, as an entry of the browser's performance timeline. */
export function useNextItemMeasure(): { begin: (pressed: number) => void; end: () => void } {
  const start = useRef<number | null>(null);
  const begin = useCallback((pressed: number) => {
    start.current = pressed;
  }, []);
  const end = useCallback(() => {
    if (start.current !== null) {
      performance.measure?.(MEASURE, { start: start.current, end: performance.now() });
      start.current = null;
    }
  }, []);
  return { begin, end };
}
