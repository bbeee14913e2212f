/** The slider of a score: from where to where, and in which steps. */

import type { BenchOption } from "./bench";

export interface ScoreScale {
  min: number;
  max: number;
  step: number;
  /** Digits behind the point that a step needs. */
  digits: number;
}

/** What validation saw, and as far beyond it as the given values lie. */
export function scoreScale({ low, high }: BenchOption, values: readonly number[]): ScoreScale {
  const min = Math.min(low, ...values);
  const max = Math.max(high, ...values);
  const span = max > min ? max - min : 1;
  // A power of ten, between 1/1000 and 1/100 of the whole.
  const power = Math.floor(Math.log10(span / 100));
  // Not `min + span`: its rounding could lie beyond what validation saw.
  return { min, max: max > min ? max : min + 1, step: 10 ** power, digits: Math.max(0, -power) };
}

export function rounded(value: number, { digits }: ScoreScale): number {
  return Number(value.toFixed(digits));
}

/** Rounded, but the ends of the slider are what they are: rounding must not lead beyond what validation saw. */
export function onScale(value: number, scale: ScoreScale): number {
  return Math.min(scale.max, Math.max(scale.min, rounded(value, scale)));
}

/** One step further, from what is shown. */
export function stepped(value: number, steps: number, scale: ScoreScale): number {
  return rounded(value + steps * scale.step, scale);
}

/** From 0 (left end) to 1. */
export function placeOn({ min, max }: ScoreScale, value: number): number {
  return Math.min(1, Math.max(0, (value - min) / (max - min)));
}

/** No score can be beyond this; the server takes none. */
const LARGEST = 1e6;

export function isScore(value: number): boolean {
  return Number.isFinite(value) && Math.abs(value) <= LARGEST;
}

/** A number as people write it, with comma or real minus; null if it is none. */
export function parseScore(text: string): number | null {
  const plain = text.trim().replace("−", "-").replace(",", ".");
  const value = plain === "" ? Number.NaN : Number(plain);
  return isScore(value) ? value : null;
}
