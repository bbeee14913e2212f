/** Numbers of images by class and split, with sums. */

import type { DatasetDetail } from "../../../shared/api/types";

export const SPLITS = ["train", "validation", "test"] as const;
export type Split = (typeof SPLITS)[number];

export const SPLIT_NAMES: Record<Split, string> = {
  train: "Training",
  validation: "Validation",
  test: "Test",
};

export interface CountRow {
  key: string;
  name: string;
  counts: Record<Split, number>;
  total: number;
}

export interface CountTable {
  rows: CountRow[];
  sums: Record<Split, number>;
  total: number;
}

export function countTable({
  classes,
  counts,
}: Pick<DatasetDetail, "classes" | "counts">): CountTable {
  const count = (split: Split, key: string): number => counts?.[split]?.[key] ?? 0;
  const rows = classes.map(({ key, name }) => {
    const own = {
      train: count("train", key),
      validation: count("validation", key),
      test: count("test", key),
    };
    return { key, name, counts: own, total: own.train + own.validation + own.test };
  });
  const sums = { train: 0, validation: 0, test: 0 };
  for (const row of rows) {
    for (const split of SPLITS) {
      sums[split] += row.counts[split];
    }
  }
  return { rows, sums, total: sums.train + sums.validation + sums.test };
}

/** Images that are in no split, so that validation and test stay unseen. */
export function leftOut({ classes, counts, images }: DatasetDetail): number {
  return counts === null || images === null
    ? 0
    : Math.max(0, images - countTable({ classes, counts }).total);
}

/** "Training"; an image may also be left out of every split. */
export function splitName(split: Split | null): string {
  return split === null ? "in no split" : SPLIT_NAMES[split];
}

/** Between 0 and 1; 0 of nothing. */
export function shareOf(part: number, whole: number): number {
  return whole > 0 ? part / whole : 0;
}
