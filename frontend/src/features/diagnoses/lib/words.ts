/** Flags and figures of a diagnosis in words. */

import type { ConceptFlag, Diagnosis } from "../../../shared/api/types";
import { formatCount, formatNumber, formatPercent, formatSigned } from "../../../shared/lib/format";
import { FLAG_KINDS, type FlagCounts, type FlagKind } from "./evidence";

export const FLAG_NAMES: Readonly<Record<FlagKind, string>> = {
  dormant: "dormant",
  redundant: "redundant",
  not_localized: "not localized",
};

/** What a kind of flag means, before any rule. */
export const FLAG_MEANINGS: Readonly<Record<FlagKind, string>> = {
  dormant: "The model has hardly learned it.",
  redundant: "Another option says the same.",
  not_localized: "No image shows where it is.",
};

/** The number behind a flag and what it was held against. */
export function flagNumber({ sign, value, threshold }: ConceptFlag): {
  value: string;
  against: string;
} {
  switch (sign) {
    case "unreadable":
    case "against_table":
      return {
        value: `AUROC ${formatNumber(value)}`,
        against: `below ${formatNumber(threshold)}`,
      };
    case "never_present":
      return {
        value: `present in ${formatPercent(value)}`,
        against: `below ${formatPercent(threshold)}`,
      };
    case "hardly_varies":
      return {
        value: `varies ${formatPercent(value)}`,
        against: `below ${formatPercent(threshold)} of the median`,
      };
    case "scores":
      return { value: `r ${formatSigned(value, 3)}`, against: `above ${formatNumber(threshold)}` };
    case "texts":
      return {
        value: `cosine ${formatNumber(value, 3)}`,
        against: `above ${formatNumber(threshold)}`,
      };
    case "scattered":
      return {
        value: `${formatNumber(value)} times`,
        against: `below ${formatNumber(threshold)} times`,
      };
    case "elsewhere":
      return {
        value: `gain ${formatSigned(value, 3)}`,
        against: `below ${formatSigned(threshold, 3)}`,
      };
    default:
      return { value: formatNumber(value, 3), against: `limit ${formatNumber(threshold, 3)}` };
  }
}

/** "3 of 34 options flagged: 2 dormant, 1 redundant". */
export function summaryWords({ flagged, total, byKind }: FlagCounts): string {
  const parts = FLAG_KINDS.filter((kind) => byKind[kind] > 0).map(
    (kind) => `${byKind[kind]} ${FLAG_NAMES[kind]}`,
  );
  const options = `${flagged} of ${total} options flagged`;
  return parts.length > 0 ? `${options}: ${parts.join(", ")}` : options;
}

/** "synthetic-dermoscopy, validation, 500 images". */
export function imagesWords({ dataset_id, split, images }: Diagnosis): string {
  const counted = images === null ? "" : `, ${formatCount(images)} images`;
  return `${dataset_id}, ${split}${counted}`;
}

/** How far a diagnosis is, in words and as a share; null: nobody knows. */
export function progressOf({ status, position, progress }: Diagnosis): {
  words: string;
  share: number | null;
} {
  if (status === "queued") {
    const place = position === null || position <= 1 ? "next" : `number ${position}`;
    return { words: `Waiting, ${place} in the queue`, share: 0 };
  }
  if (!progress) {
    return { words: "Beginning", share: null };
  }
  const { stage, done, total } = progress;
  return total > 0
    ? { words: `${stage}, ${formatCount(done)} of ${formatCount(total)}`, share: done / total }
    : { words: stage, share: null };
}
