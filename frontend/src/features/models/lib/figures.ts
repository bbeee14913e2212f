/** The figures of merit that a model list shows, read from a model's free-form metrics. */

import { formatNumber } from "../../../shared/lib/format";

export interface Figure {
  label: string;
  value: string;
}

const KNOWN: readonly { key: string; label: string }[] = [
  { key: "class_bmac", label: "Class balanced accuracy" },
  { key: "concept_bmac", label: "Mean concept balanced accuracy" },
  { key: "gradcam_mean", label: "Grad-CAM maximum on the finding" },
];

/** Measured on the test split if there is one. Unknown keys stay in the model card. */
export function figuresOf(metrics: Record<string, unknown>): {
  images: number | null;
  figures: Figure[];
} {
  const source = isRecord(metrics.test) ? metrics.test : metrics;
  const pointing = isRecord(source.pointing) ? source.pointing : {};
  const figures = KNOWN.flatMap(({ key, label }) => {
    const value = source[key] ?? pointing[key];
    return typeof value === "number" ? [{ label, value: formatNumber(value, 3) }] : [];
  });
  return { images: typeof source.images === "number" ? source.images : null, figures };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
