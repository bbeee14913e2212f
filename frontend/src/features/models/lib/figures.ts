/** The figures of merit that a model list shows, read from a model's free-form metrics. */

import { formatNumber } from "../../../shared/lib/format";

export interface Figure {
  label: string;
  value: string;
}

const KNOWN: readonly { part?: string; key: string; label: string }[] = [
  { key: "class_bmac", label: "Class balanced accuracy" },
  { key: "concept_bmac", label: "Mean concept balanced accuracy" },
  { part: "pointing", key: "gradcam_mean", label: "Grad-CAM maximum on the finding" },
  { part: "lesion", key: "gradcam_mean", label: "Grad-CAM maximum on the lesion" },
];

/** Measured on the test split if there is one. Unknown keys stay in the model card. */
export function figuresOf(metrics: Record<string, unknown>): {
  images: number | null;
  figures: Figure[];
} {
  const source = isRecord(metrics.test) ? metrics.test : metrics;
  const figures = KNOWN.flatMap(({ part, key, label }) => {
    const holder = part === undefined ? source : source[part];
    const value = isRecord(holder) ? holder[key] : undefined;
    return typeof value === "number" ? [{ label, value: formatNumber(value, 3) }] : [];
  });
  return { images: typeof source.images === "number" ? source.images : null, figures };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
