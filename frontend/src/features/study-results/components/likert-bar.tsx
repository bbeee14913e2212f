import { useId } from "react";
import { formatPercent } from "../../../shared/lib/format";
import { type Segment, segmentsOf } from "../lib/distribution";
import classes from "./figures.module.css";

const WIDTH = 300;
const HEIGHT = 18;
/** Narrower ones have no room for their digit; hatching and order still tell which they are. */
const ROOM_FOR_DIGIT = 11;

const FILLS = [
  classes.segment1,
  classes.segment2,
  classes.segment3,
  classes.segment4,
  classes.segment5,
];

interface LikertBarProps {
  counts: readonly number[];
  anchors: readonly string[];
}

/** Ratings as a bar around the middle of the scale. The counts stand next to it, so the drawing is silent. */
export function LikertBar({ counts, anchors }: LikertBarProps) {
  const hatch = useId();
  const segments = segmentsOf(counts).filter(({ count }) => count > 0);
  return (
    <svg
      className={classes.bar}
      width={WIDTH}
      height={HEIGHT}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      aria-hidden="true"
    >
      <Hatch id={hatch} />
      {segments.map((segment) => (
        <Part key={segment.rating} segment={segment} hatch={hatch} anchors={anchors} />
      ))}
      <line className={classes.middle} x1={WIDTH / 2} x2={WIDTH / 2} y1={0} y2={HEIGHT} />
    </svg>
  );
}

interface PartProps {
  segment: Segment;
  hatch: string;
  anchors: readonly string[];
}

function Part({ segment, hatch, anchors }: PartProps) {
  const { rating, count, share, from } = segment;
  const x = ((from + 1) / 2) * WIDTH;
  const width = (share / 2) * WIDTH;
  const place = { x, y: 2, width, height: HEIGHT - 4 };
  return (
    <g>
      <title>{`${rating}, ${anchors[rating - 1] ?? ""}: ${count} (${formatPercent(share)})`}</title>
      <rect {...place} className={FILLS[rating - 1]} />
      {isExtreme(rating) && <rect {...place} fill={`url(#${hatch})`} />}
      {width >= ROOM_FOR_DIGIT && (
        <text className={classes.digit} x={x + width / 2} y={HEIGHT / 2 + 3.5}>
          {rating}
        </text>
      )}
    </g>
  );
}

function Hatch({ id }: { id: string }) {
  return (
    <defs>
      <pattern
        id={id}
        width={5}
        height={5}
        patternUnits="userSpaceOnUse"
        patternTransform="rotate(45)"
      >
        <line className={classes.hatch} x1={0} x2={0} y1={0} y2={5} />
      </pattern>
    </defs>
  );
}

const isExtreme = (rating: number) => rating === 1 || rating === FILLS.length;

/** Which part of a bar is which rating, in words. */
export function LikertLegend({ anchors }: { anchors: readonly string[] }) {
  const hatch = useId();
  return (
    <ul className={classes.legend} aria-label="Ratings">
      {FILLS.map((fill, at) => {
        const rating = at + 1;
        const place = { width: 16, height: 12 };
        return (
          <li key={fill}>
            <svg className={classes.bar} {...place} aria-hidden="true">
              <Hatch id={`${hatch}${rating}`} />
              <rect {...place} className={fill} />
              {isExtreme(rating) && <rect {...place} fill={`url(#${hatch}${rating})`} />}
            </svg>
            {rating} {anchors[at]}
          </li>
        );
      })}
    </ul>
  );
}
