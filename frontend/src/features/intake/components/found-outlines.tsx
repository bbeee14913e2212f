import type { FoundLine } from "../lib/found-text";
import type { Size } from "../lib/regions";
import classes from "./review-picture.module.css";

interface FoundOutlinesProps {
  /** Of the frame that is shown, and not covered yet. */
  lines: readonly FoundLine[];
  size: Size;
  /** The one that is pointed at in the list. */
  pointedAt: number | null;
}

/** Dashes around what looks like text. They are in nobody's way: one draws across them, and the list has buttons. */
export function FoundOutlines({ lines, size, pointedAt }: FoundOutlinesProps) {
  return lines.map(({ number, x, y, width, height }) => (
    <span
      key={number}
      className={classes.found}
      data-found={number}
      data-pointed={number === pointedAt || undefined}
      aria-hidden
      style={{
        left: `${(100 * x) / size.width}%`,
        top: `${(100 * y) / size.height}%`,
        width: `${(100 * width) / size.width}%`,
        height: `${(100 * height) / size.height}%`,
      }}
    />
  ));
}
