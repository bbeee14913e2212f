import { useEffect, useMemo } from "react";
import type { Case, Rendering } from "../../../shared/api/types";
import { frameBytes, type ValueFrame } from "../../../shared/imaging/value-frame";
import { useCaseDisplay } from "../api/get-case-display";
import { getCaseFrame } from "../api/get-case-frame";
import { FrameCache } from "../lib/frame-cache";
import { ValueView } from "../lib/value-view";
import type { LinkedRendering } from "../lib/view-link";

/** Values of a case, and which of them are seen how. */
export interface KeptValues {
  view: ValueView;
  cache: FrameCache<ValueFrame>;
}

export interface CaseValues {
  /** Whether there are any; then they are shown instead of the case's image. */
  kept: boolean;
  /** Null: none, or not there yet. */
  values: KeptValues | null;
  error: unknown;
  retry: () => void;
}

/** Memory for frames that are at hand, and how many it is at the least and at the most. */
const ROOM_BYTES = 128 * 2 ** 20;
const LEAST_FRAMES = 3;
const MOST_FRAMES = 64;

export function roomFor(bytesPerFrame: number): number {
  const frames = Math.floor(ROOM_BYTES / Math.max(1, bytesPerFrame));
  return Math.min(MOST_FRAMES, Math.max(LEAST_FRAMES, frames));
}

/** `followed`: what the prediction saw that is shown. `link`: where to begin. */
export function useKeptValues(
  entry: Case,
  link: LinkedRendering | null,
  followed: Rendering | null,
): CaseValues {
  const { id, width, height, frames, values_kept: kept } = entry;
  const query = useCaseDisplay(id, kept);
  const { data } = query;

  const values = useMemo((): KeptValues | null => {
    const { display, rendering } = data ?? {};
    if (!kept || !display || !rendering) {
      return null;
    }
    const size = { width, height };
    const room = roomFor(frameBytes(size, display));
    const load = (frame: number, signal: AbortSignal) =>
      getCaseFrame(id, frame, size, display, signal);
    return {
      view: new ValueView(display, rendering, frames, link),
      cache: new FrameCache(load, frames, room),
    };
  }, [data, kept, id, width, height, frames, link]);

  useEffect(() => values?.view.follow(followed), [values, followed]);
  useEffect(() => () => values?.cache.rest(), [values]);
  return { kept, values, error: query.error, retry: () => void query.refetch() };
}
