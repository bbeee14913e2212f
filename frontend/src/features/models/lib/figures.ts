/** The figures of merit of a model, read from its free-form metrics. Unknown keys stay in the model card. */

import { formatNumber } from "../../../shared/lib/format";

export interface Figure {
  label: string;
  value: string;
}

type Metrics = Record<string, unknown>;

const KNOWN: readonly { part?: string; key: string; label: string }[] = [
  { key: "class_bmac", label: "Class balanced accuracy" },
  { key: "concept_bmac", label: "Mean concept balanced accuracy" },
  { part: "pointing", key: "gradcam_mean", label: "Grad-CAM maximum on the finding" },
  { part: "lesion", key: "gradcam_mean", label: "Grad-CAM maximum on the lesion" },
];

/** Measured on the test split if there is one. */
export function figuresOf(metrics: Metrics): { images: number | null; figures: Figure[] } {
  const source = testOf(metrics);
  const figures = KNOWN.flatMap(({ part, key, label }) => {
    const value = numberIn(part === undefined ? source : source[part], key);
    return value === null ? [] : [{ label, value: formatNumber(value, 3) }];
  });
  return { images: numberIn(source, "images"), figures };
}

/** The two figures that versions are held against each other by; null where not measured. */
export function bmacOf(metrics: Metrics): {
  images: number | null;
  classBmac: number | null;
  conceptBmac: number | null;
} {
  const source = testOf(metrics);
  return {
    images: numberIn(source, "images"),
    classBmac: numberIn(source, "class_bmac"),
    conceptBmac: numberIn(source, "concept_bmac"),
  };
}

function testOf(metrics: Metrics): Metrics {
  return isRecord(metrics.test) ? metrics.test : metrics;
}

function numberIn(holder: unknown, key: string): number | null {
  const value = isRecord(holder) ? holder[key] : undefined;
  return typeof value === "number" ? value : null;
}

export function isRecord(value: unknown): value is Metrics {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
