import type { KeyboardEvent } from "react";
import type { Regions } from "../hooks/use-regions";
import { type DrawnRegion, grown, keyStep, moved, type Point, type Size } from "../lib/regions";
import { regionWords } from "../lib/words";
import classes from "./review-picture.module.css";

interface RegionBoxProps {
  region: DrawnRegion;
  /** Counted from 1, in the order of drawing. */
  number: number;
  regions: Regions;
  size: Size;
  frames: number;
  /** As it will be: black. */
  black: boolean;
  hintId: string;
}

const CORNERS = ["nw", "ne", "sw", "se"] as const;

const ARROWS: Record<string, Point> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/** A rectangle on the picture. Arrow keys move it, with Shift they resize it; Delete removes it. */
export function RegionBox(props: RegionBoxProps) {
  const { region, number, regions, size, frames, black, hintId } = props;
  const { id, x, y, width, height } = region;
  const selected = regions.selectedId === id;

  const onKeyDown = (event: KeyboardEvent) => {
    const direction = ARROWS[event.key];
    if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      regions.act({ type: "remove", id });
    } else if (direction && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      const step = keyStep(size);
      const by = { x: direction.x * step, y: direction.y * step };
      const changes = event.shiftKey ? grown(region, by, size) : moved(region, by, size);
      const gesture = `${event.shiftKey ? "resize" : "move"}-${id}`;
      regions.act({ type: "change", id, changes, gesture });
    }
  };

  return (
    <button
      type="button"
      className={classes.region}
      data-region={id}
      data-selected={selected || undefined}
      data-black={black || undefined}
      data-top={y < size.height / 20 || undefined}
      aria-pressed={selected}
      aria-label={`Region ${number}: ${regionWords(region, frames)}`}
      aria-describedby={hintId}
      style={{
        left: `${(100 * x) / size.width}%`,
        top: `${(100 * y) / size.height}%`,
        width: `${(100 * width) / size.width}%`,
        height: `${(100 * height) / size.height}%`,
      }}
      onFocus={() => !selected && regions.act({ type: "select", id })}
      onKeyDown={onKeyDown}
    >
      <span className={classes.number} aria-hidden>
        {number}
      </span>
      {selected &&
        CORNERS.map((corner) => (
          <span key={corner} className={classes.handle} data-corner={corner} />
        ))}
    </button>
  );
}
