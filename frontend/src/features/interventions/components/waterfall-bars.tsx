import type { Span } from "../lib/waterfall";
import classes from "./waterfall-table.module.css";

interface WaterfallBarsProps {
  before: Span;
  after: Span;
  /** From the left end of the chart to the right one. */
  extent: Span;
  total: boolean;
}

/** A push before and after, each from where the sum was to where it is then. The numbers stand beside it. */
export function WaterfallBars({ before, after, extent, total }: WaterfallBarsProps) {
  const width = extent.to - extent.from || 1;
  const place = (value: number) => (100 * (value - extent.from)) / width;
  const bar = ({ from, to }: Span, side: "before" | "after") => (
    <span
      className={classes.bar}
      data-side={side}
      data-sign={total ? "total" : to < from ? "oppose" : "support"}
      style={{
        left: `${place(Math.min(from, to))}%`,
        width: `max(1px, ${place(Math.max(from, to)) - place(Math.min(from, to))}%)`,
      }}
    />
  );
  return (
    <span className={classes.bars}>
      <span className={classes.zero} style={{ left: `${place(0)}%` }} />
      {bar(before, "before")}
      {bar(after, "after")}
    </span>
  );
}
