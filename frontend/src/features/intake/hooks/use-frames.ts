import { useCallback, useEffect, useState } from "react";

/** Long enough to notice text in a frame. */
const PLAY_MILLISECONDS = 150;

export interface Frames {
  frame: number;
  count: number;
  /** How many have been on screen. */
  seen: number;
  playing: boolean;
  show: (frame: number) => void;
  /** From here to the last one; from the first one where this is the last. */
  togglePlaying: () => void;
  /** Called when a frame is on screen. */
  onShown: (frame: number) => void;
}

/** Which frame of a case is shown, and which ones have been. */
export function useFrames(count: number): Frames {
  const [frame, setFrame] = useState(0);
  const [seen, setSeen] = useState<ReadonlySet<number>>(() => new Set());
  const [playing, setPlaying] = useState(false);

  const show = useCallback(
    (wanted: number) => {
      setPlaying(false);
      setFrame(Math.min(Math.max(wanted, 0), count - 1));
    },
    [count],
  );
  const onShown = useCallback((shown: number) => {
    setSeen((before) => (before.has(shown) ? before : new Set(before).add(shown)));
  }, []);
  const togglePlaying = () => {
    if (!playing && frame === count - 1) {
      setFrame(0);
    }
    setPlaying(!playing);
  };

  // On to the next only once this one is there, so that none is skipped over a slow line.
  const isThere = seen.has(frame);
  useEffect(() => {
    if (!playing || !isThere) {
      return;
    }
    const timer = setTimeout(() => {
      if (frame < count - 1) {
        setFrame(frame + 1);
      } else {
        setPlaying(false);
      }
    }, PLAY_MILLISECONDS);
    return () => clearTimeout(timer);
  }, [playing, isThere, frame, count]);

  return { frame, count, seen: seen.size, playing, show, togglePlaying, onShown };
}
