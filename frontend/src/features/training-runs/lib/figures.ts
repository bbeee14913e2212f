/** A run's figures beside its parent's. */

import type { SplitFigures } from "../../../shared/api/types";

type Measure = "class_accuracy" | "class_bmac" | "concept_bmac";

export interface FigureRow {
  label: string;
  own: number | null;
  parent: number | null;
  /** Own minus parent's; null unless both are known. */
  difference: number | null;
}

const ROWS: readonly { key: Measure; label: string }[] = [
  { key: "class_bmac", label: "Class balanced accuracy (BMAC)" },
  { key: "concept_bmac", label: "Mean concept balanced accuracy" },
  { key: "class_accuracy", label: "Class accuracy" },
];

export function figureRows(own: SplitFigures | null, parent: SplitFigures | null): FigureRow[] {
  return ROWS.map(({ key, label }) => {
    const mine = own?.[key] ?? null;
    const theirs = parent?.[key] ?? null;
    const difference = mine === null || theirs === null ? null : mine - theirs;
    return { label, own: mine, parent: theirs, difference };
  });
}
