/** Images whose prediction changed, by what the change means. */

import type { ChangedImage } from "../../../shared/api/types";
import type { Comparison } from "./figures";

export type Kind = ChangedImage["kind"];

export const KINDS: readonly { kind: Kind; name: string; meaning: string }[] = [
  { kind: "broken", name: "broken", meaning: "A alone is right" },
  { kind: "fixed", name: "fixed", meaning: "B alone is right" },
  { kind: "changed-wrong", name: "changed, still wrong", meaning: "neither is right" },
  { kind: "unknown", name: "class not known", meaning: "the true class is not known" },
];

export function kindOf(kind: Kind): { name: string; meaning: string } {
  return KINDS.find((entry) => entry.kind === kind) ?? { name: kind, meaning: "" };
}

/** Of all that changed, also of those without a picture. */
export function countKinds({ changed }: Pick<Comparison, "changed">): Record<Kind, number> {
  const counts = { broken: 0, fixed: 0, "changed-wrong": 0, unknown: 0 };
  for (const { kind } of changed) {
    counts[kind] += 1;
  }
  return counts;
}
