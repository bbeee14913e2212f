/** Figures with their intervals in words. Digits as the field writes them. */

import type { StudyEstimate } from "../../../shared/api/types";
import { formatNumber, formatPercent, formatSigned } from "../../../shared/lib/format";

export type Write = (value: number) => string;

/** Means of ratings and agreement: two digits. */
export const twoDigits: Write = (value) => formatNumber(value, 2);
/** Areas under the curve: three digits. */
export const threeDigits: Write = (value) => formatNumber(value, 3);
export const percent: Write = formatPercent;
/** Differences, with their sign. */
export const signed: Write = (value) => formatSigned(value, 2);
export const signedThree: Write = (value) => formatSigned(value, 3);
/** Differences of shares: in points, which a percent sign would hide. */
export const signedPoints: Write = (value) => `${formatSigned(100 * value, 1)}\u202fpoints`;

/** Of a scale whose column says what it is in. */
export const inPoints: Write = (value) => formatSigned(100 * value, 1);
export const wholeNumber: Write = (value) => formatNumber(value, 0);

export interface EstimateWords {
  /** Null: there is none, and `note` says why. */
  value: string | null;
  /** "3.70 to 4.50"; null where there is no interval. */
  interval: string | null;
  note: string | null;
}

/** What stands in a cell. A figure that is missing without a reason is said to be missing. */
export function estimateWords(
  { value, low, high, note }: StudyEstimate,
  write: Write,
): EstimateWords {
  if (value === null || !Number.isFinite(value)) {
    return { value: null, interval: null, note: note ?? "cannot be computed" };
  }
  const interval = low === null || high === null ? null : `${write(low)} to ${write(high)}`;
  return { value: write(value), interval, note };
}

/** With what there is to say of the whole row, once. */
export function withNote(estimate: StudyEstimate, note: string | null): StudyEstimate {
  const said = estimate.note ?? "";
  if (note === null || said.includes(note)) {
    return estimate;
  }
  return { ...estimate, note: note.includes(said) ? note : `${said} ${note}` };
}

/** "0.012", "<0.001"; null where nothing was tested. */
export function chanceWords(p: number | null): string | null {
  if (p === null) {
    return null;
  }
  return p < 0.001 ? "<0.001" : formatNumber(p, 3);
}

/** Largest distance from zero that any of them reaches, so that the drawings of a table have one scale. */
export function reachOf(estimates: readonly StudyEstimate[]): number {
  const ends = estimates.flatMap(({ value, low, high }) => [value ?? 0, low ?? 0, high ?? 0]);
  return Math.max(0.01, ...ends.map(Math.abs));
}

/** "14.2 s"; a dash where nobody answered. */
export function secondsOf(seconds: number | null): string {
  return seconds === null ? "—" : `${formatNumber(seconds, 1)}\u202fs`;
}
