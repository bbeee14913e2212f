/** The codes of a codebook in words. */

import type { CodeDiagnosis, Embedding } from "../../../shared/api/types";
import { formatNumber, formatSigned } from "../../../shared/lib/format";

/** Names of the groups by their key, as far as they are known. */
export type GroupNames = ReadonlyMap<string, string>;

/** A code has a group's name only where the association that was measured reaches the floor, and never without it. */
export function codeName(
  { group, associations }: Pick<CodeDiagnosis, "group" | "associations">,
  names: GroupNames,
): string | null {
  const found = associations.find((association) => association.group === group);
  return group === null || !found
    ? null
    : `${names.get(group) ?? group} (phi ${formatSigned(found.phi)})`;
}

/** "<0.01", "0.31". */
export function probability(p: number): string {
  return p < 0.01 ? "<0.01" : formatNumber(p);
}

interface CodeInSample {
  code: number;
  tokens: number;
  place: readonly [number, number, number];
  /** The code whose place is nearest, and how far it is; null where there is one code only. */
  nearest: { code: number; distance: number } | null;
}

/** What the drawing shows, as figures. */
export function sampleOf({ codes, codes_of }: Embedding): CodeInSample[] {
  const tokens = new Map<number, number>();
  for (const code of codes_of) {
    tokens.set(code, (tokens.get(code) ?? 0) + 1);
  }
  return codes.map((place, code) => ({
    code,
    tokens: tokens.get(code) ?? 0,
    place,
    nearest: codes.reduce<CodeInSample["nearest"]>((best, other, at) => {
      const distance = Math.hypot(...place.map((value, axis) => value - (other[axis] as number)));
      return at !== code && (best === null || distance < best.distance)
        ? { code: at, distance }
        : best;
    }, null),
  }));
}
