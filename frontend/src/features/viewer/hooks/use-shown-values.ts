import { useCallback, useEffect, useMemo, useRef, useSyncExternalStore } from "react";
import type { ValueFrame } from "../../../shared/imaging/value-frame";
import type { ShownValues } from "../lib/value-picture";
import type { ValueState, ValueView } from "../lib/value-view";
import type { KeptValues } from "./use-kept-values";

const subscribeToNothing = () => () => undefined;

/** What is read from a view, rendered anew only when that changes. */
export function useValueState<Read>(
  view: ValueView | null,
  read: (state: ValueState, view: ValueView) => Read,
  otherwise: Read,
): Read {
  return useSyncExternalStore(view?.subscribe ?? subscribeToNothing, () =>
    view ? read(view.getState(), view) : otherwise,
  );
}

export interface ShownFrame {
  /** To be drawn; the last frame until the next one is there. Null before the first. */
  shown: ShownValues | null;
  /** Whether what is drawn is not what was asked for. */
  loading: boolean;
  error: unknown;
  retry: () => void;
}

/** Asks for the frame that is wanted, and gives what can be drawn meanwhile. */
export function useShownValues(values: KeptValues | null): ShownFrame {
  const view = values?.view ?? null;
  const cache = values?.cache ?? null;
  const rendering = useValueState(view, (state) => state.rendering, null);
  const number = rendering?.frame ?? 0;
  useEffect(() => cache?.show(number), [cache, number]);
  const frame = useSyncExternalStore(
    cache?.subscribe ?? subscribeToNothing,
    useCallback(() => cache?.get(number) ?? null, [cache, number]),
  );
  const error = useSyncExternalStore(
    cache?.subscribe ?? subscribeToNothing,
    useCallback(() => cache?.error(number) ?? null, [cache, number]),
  );
  const last = useRef<{ of: KeptValues | null; frame: ValueFrame | null }>({
    of: null,
    frame: null,
  });
  useEffect(() => {
    if (frame) {
      last.current = { of: values, frame };
    }
  }, [frame, values]);
  const drawn = frame ?? (last.current.of === values ? last.current.frame : null);
  const shown = useMemo(
    () => (view && rendering && drawn ? { frame: drawn, display: view.display, rendering } : null),
    [view, rendering, drawn],
  );
  return {
    shown,
    loading: values !== null && frame === null && error === null,
    error,
    retry: () => cache?.retry(number),
  };
}
