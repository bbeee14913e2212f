import { ActionIcon, Button, Slider } from "@mantine/core";
import {
  IconChevronLeft,
  IconChevronRight,
  IconPlayerPause,
  IconPlayerPlay,
} from "@tabler/icons-react";
import type { Frames } from "../hooks/use-frames";
import { seenWords } from "../lib/words";
import classes from "./review-stage.module.css";

/** Goes through the frames of a film, and says how many have been on screen. */
export function FilmBar({ frames }: { frames: Frames }) {
  const { frame, count, playing, show, togglePlaying } = frames;
  const Play = playing ? IconPlayerPause : IconPlayerPlay;
  return (
    <div className={classes.film} role="group" aria-label="Frames">
      <Button
        variant="default"
        size="compact-xs"
        leftSection={<Play size={13} aria-hidden />}
        onClick={togglePlaying}
      >
        {playing ? "Stop" : "Play all frames"}
      </Button>
      <ActionIcon
        variant="default"
        size={24}
        aria-label="Frame before"
        disabled={frame === 0}
        onClick={() => show(frame - 1)}
      >
        <IconChevronLeft size={15} />
      </ActionIcon>
      <Slider
        className={classes.scrubber}
        size="sm"
        min={1}
        max={count}
        value={frame + 1}
        onChange={(value) => show(value - 1)}
        label={null}
        thumbLabel="Frame"
      />
      <ActionIcon
        variant="default"
        size={24}
        aria-label="Next frame"
        disabled={frame === count - 1}
        onClick={() => show(frame + 1)}
      >
        <IconChevronRight size={15} />
      </ActionIcon>
      <span className={classes.place}>
        {frame + 1} of {count}
      </span>
      <span className={classes.seen} data-all={frames.seen >= count || undefined}>
        {seenWords(frames.seen, count)}
      </span>
    </div>
  );
}
