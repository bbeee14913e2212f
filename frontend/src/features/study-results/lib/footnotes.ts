import type { StudyEstimate } from "../../../shared/api/types";

/** Letters of the notes of a table's figures, in the order of the rows. Those without a value stand in the cell. */
export function lettersOf(
  estimates: readonly (StudyEstimate | null)[],
): ReadonlyMap<string, string> {
  const letters = new Map<string, string>();
  for (const estimate of estimates) {
    const note = estimate?.value == null ? null : estimate.note;
    if (note && !letters.has(note)) {
      letters.set(note, letterAt(letters.size));
    }
  }
  return letters;
}

/** a … z, then aa, ab … */
function letterAt(place: number): string {
  const last = String.fromCharCode(97 + (place % 26));
  return place < 26 ? last : `${letterAt(Math.floor(place / 26) - 1)}${last}`;
}
