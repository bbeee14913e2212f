/** Measured figures in words, and the scale that they are drawn on. */

import type { Evidence, Measured, NamedFigure } from "../../../shared/api/types";
import { formatCount, formatNumber, formatSigned } from "../../../shared/lib/format";

export type Unit = NamedFigure["unit"];

export const NOT_MEASURED = "not measured";

/** "0.71", "+0.04", "12": with as many digits as a few dozen images can bear. */
export function valueWords(value: number, unit: Unit): string {
  switch (unit) {
    case "difference":
      return formatSigned(value);
    case "number":
      return Number.isInteger(value) ? countWords(value) : formatNumber(value, value < 10 ? 2 : 1);
    default:
      return shareWords(value);
  }
}

/** Never rounds to a certainty that was not there. */
function shareWords(value: number): string {
  if (value > 0 && value < 0.005) {
    return "<0.01";
  }
  return value > 0.995 && value < 1 ? ">0.99" : formatNumber(value);
}

function countWords(value: number): string {
  return value < 0 ? `−${formatCount(-value)}` : formatCount(value);
}

/** "0.60 to 0.82"; null where there is none. */
export function intervalWords({ low, high }: Measured, unit: Unit): string | null {
  return low === null || high === null
    ? null
    : `${valueWords(low, unit)} to ${valueWords(high, unit)}`;
}

/** "59 images of busi-masked"; of synthetic ones that they are drawn, since they stand for no patient. */
export function testedWords({ images, dataset, synthetic }: Evidence["tested_on"]): string {
  const kind = synthetic ? "drawn image" : "image";
  return `${formatCount(images)} ${images === 1 ? kind : `${kind}s`} of ${dataset}`;
}

const NO_WIDTH =
  "Where an interval has no width, such as 1.00 (1.00 to 1.00), all images came out alike. Among so few that is no certainty.";

/** What the figures do not say: what was written of them, and what follows from their looks. */
export function limitsOf({ limits, decision, concepts, tests }: Evidence): string[] {
  const all: Measured[] = [
    ...decision.map(({ measured }) => measured),
    ...tests.flatMap(({ figures }) => figures.map(({ measured }) => measured)),
    ...concepts.flatMap((concept) => [
      concept.accuracy,
      concept.pointing_gradcam,
      concept.pointing_magnet,
      concept.iou_gradcam,
      ...concept.options.map(({ auroc }) => auroc),
    ]),
  ];
  const alike = all.some(({ low, high }) => low !== null && low === high);
  return alike ? [...limits, NO_WIDTH] : limits;
}

export interface Scale {
  low: number;
  high: number;
}

/** From nothing to certainty. */
export const SHARES: Scale = { low: 0, high: 1 };

/** One scale for all figures of a unit in a table, so that its bars can be held against each other. */
export function scalesOf(figures: readonly NamedFigure[]): (figure: NamedFigure) => Scale {
  const differences = valuesOf(figures.filter(({ unit }) => unit === "difference"));
  const reach = roundedUp(Math.max(0.1, ...differences.map(Math.abs)));
  return (figure) => {
    switch (figure.unit) {
      case "difference":
        return { low: -reach, high: reach };
      case "number": {
        // Counts and losses have no unit in common: each has its own.
        const values = valuesOf([figure]);
        const low = Math.min(0, ...values);
        return { low: low < 0 ? -roundedUp(-low) : 0, high: roundedUp(Math.max(...values, 0)) };
      }
      default:
        return SHARES;
    }
  };
}

function valuesOf(figures: readonly NamedFigure[]): number[] {
  return figures
    .flatMap(({ measured: { value, low, high }, reference }) => [value, low, high, reference])
    .filter((value) => value !== null);
}

/** The next of 1, 2, 5, 10, 20 … and their parts. */
function roundedUp(value: number): number {
  if (value <= 0) {
    return 1;
  }
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 5, 10].find((each) => each * power >= value * (1 - 1e-9)) ?? 10;
  // Without the tail of a float: 0.1 * 3.
  return Number((step * power).toPrecision(6));
}

/** Where a value lies on a scale, 0 to 1; what is outside stays at the end. */
export function placeOn({ low, high }: Scale, value: number): number {
  return Math.min(1, Math.max(0, (value - low) / (high - low)));
}

/** What the drawing says at a glance: where the interval lies against chance or a baseline. */
export function readingOf({ value, low, high }: Measured, reference: number | null): string {
  if (value === null) {
    return "Not measured";
  }
  if (low === null || high === null) {
    return "No interval";
  }
  if (reference === null) {
    return "Value and interval";
  }
  if (low > reference) {
    return "The interval lies above the mark";
  }
  return high < reference ? "The interval lies below the mark" : "The interval includes the mark";
}
