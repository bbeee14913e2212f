import { useCallback, useEffect, useRef } from "react";
import { useSearchParams } from "react-router";

export type AddressChanges = Record<string, string | null | undefined>;

export interface Address {
  params: URLSearchParams;
  /** Null takes a name away, undefined leaves it. */
  change: (changes: AddressChanges) => void;
  /** Only the names that are not there yet. */
  complete: (defaults: Record<string, string>) => void;
}

/**
 * What is on screen, in the query of the address, so that a link reopens it. Changes replace each other:
 * going back leaves the page instead of undoing every step of a zoom.
 */
export function useAddress(): Address {
  const [params, setParams] = useSearchParams();
  // Several changes may come before the next render, and whoever waits for a pause keeps the function.
  const latest = useRef({ params, setParams });
  useEffect(() => {
    latest.current = { params, setParams };
  }, [params, setParams]);
  const change = useCallback((changes: AddressChanges) => {
    const before = latest.current.params;
    const next = new URLSearchParams(before);
    for (const [name, value] of Object.entries(changes)) {
      if (value === null) {
        next.delete(name);
      } else if (value !== undefined) {
        next.set(name, value);
      }
    }
    if (next.toString() !== before.toString()) {
      latest.current.params = next;
      latest.current.setParams(next, { replace: true, preventScrollReset: true });
    }
  }, []);
  const complete = useCallback(
    (defaults: Record<string, string>) => {
      const missing = Object.entries(defaults).filter(([name]) => !latest.current.params.has(name));
      change(Object.fromEntries(missing));
    },
    [change],
  );
  return { params, change, complete };
}
