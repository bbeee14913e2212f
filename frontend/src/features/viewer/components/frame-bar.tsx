import { ActionIcon, Slider, Tooltip } from "@mantine/core";
import { IconPlayerPauseFilled, IconPlayerPlayFilled } from "@tabler/icons-react";
import { useEffect } from "react";
import { useShortcuts } from "../../../shared/hooks/use-shortcuts";
import type { KeptValues } from "../hooks/use-kept-values";
import { useValueState } from "../hooks/use-shown-values";
import classes from "./frame-bar.module.css";

/** Faster is not seen, and would only keep the computer busy. */
const SHORTEST_FRAME_MS = 16;

const PREVIOUS = "PageUp";
const NEXT = "PageDown";

/** Which frame of several is seen; a film plays as fast as its file says, and waits for frames that are not there. */
export function FrameBar({ values, loading }: { values: KeptValues; loading: boolean }) {
  const { view } = values;
  const frame = useValueState(view, ({ rendering }) => rendering.frame, 0);
  const playing = useValueState(view, (state) => state.playing, false);
  const milliseconds = view.display.frame_ms;
  usePlayer(values, playing ? milliseconds : null);

  const toggle = () => view.setPlaying(!playing && milliseconds !== null);
  useShortcuts({
    [PREVIOUS]: () => view.goTo(frame - 1),
    [NEXT]: () => view.goTo(frame + 1),
    a: toggle,
  });

  const label = playing ? "Pause" : "Play";
  return (
    <div className={classes.bar} role="group" aria-label="Frames">
      {milliseconds !== null && (
        <Tooltip label={`${label} (A)`}>
          <ActionIcon variant="subtle" color="gray" aria-label={label} onClick={toggle}>
            {playing ? <IconPlayerPauseFilled size={16} /> : <IconPlayerPlayFilled size={16} />}
          </ActionIcon>
        </Tooltip>
      )}
      <Slider
        className={classes.slider}
        size="sm"
        min={1}
        max={view.frames}
        step={1}
        value={frame + 1}
        onChange={(value) => value !== frame + 1 && view.goTo(value - 1)}
        label={null}
        thumbLabel="Frame"
      />
      <span className={classes.count}>
        {loading && !playing ? "Loading frame" : "Frame"} {frame + 1} of {view.frames}
      </span>
    </div>
  );
}

/** `milliseconds` between two frames; null: does not play. */
function usePlayer({ view, cache }: KeptValues, milliseconds: number | null): void {
  useEffect(() => {
    if (milliseconds === null) {
      return;
    }
    const advance = () => {
      const next = (view.rendering.frame + 1) % view.frames;
      // The first one may have left the cache at the end of a long film: then it is asked for.
      if (cache.get(next) || cache.error(next) || next === 0) {
        view.setFrame(next);
      }
    };
    const timer = setInterval(advance, Math.max(SHORTEST_FRAME_MS, milliseconds));
    return () => clearInterval(timer);
  }, [view, cache, milliseconds]);
}
