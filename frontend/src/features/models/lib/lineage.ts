/** What a model was made of, from the free-form record that retraining leaves with it. */

import { isRecord } from "./figures";

export interface Lineage {
  mode: string | null;
  /** What the edit of the concepts meant for the parent's weights, in words. */
  changes: string[];
  dataset: string | null;
  datasetDigest: string | null;
  /** Digest of the images and labels of each split. */
  splits: [split: string, digest: string][];
  settings: [name: string, value: string][];
  seed: string | null;
  code: string | null;
  /** Whether corrected labels of reviewed cases were trained on; null where nothing is said of it. */
  labels: string | null;
}

/** Null: a model that was not retrained here, whose card has what is known. */
export function lineageOf(metrics: Record<string, unknown>): Lineage | null {
  const { lineage } = metrics;
  if (!isRecord(lineage)) {
    return null;
  }
  const dataset = isRecord(lineage.dataset) ? lineage.dataset : {};
  const settings = isRecord(lineage.settings) ? lineage.settings : {};
  const splits = isRecord(dataset.splits) ? dataset.splits : {};
  return {
    mode: text(lineage.mode),
    changes: Array.isArray(lineage.changes) ? lineage.changes.map(String) : [],
    dataset: text(dataset.name),
    datasetDigest: text(dataset.digest),
    splits: Object.entries(splits).flatMap(([split, digest]) =>
      typeof digest === "string" ? [[split, digest] as [string, string]] : [],
    ),
    settings: Object.entries(settings).flatMap(([name, value]) => {
      const said = text(value);
      return said === null ? [] : [[name.replaceAll("_", " "), said] as [string, string]];
    }),
    seed: text(lineage.seed),
    code: codeOf(lineage.code),
    labels: labelsOf(lineage.labels),
  };
}

function labelsOf(labels: unknown): string | null {
  if (labels === null) {
    return "none";
  }
  const digest = isRecord(labels) ? text(labels.digest) : null;
  return digest === null ? null : `export ${digest.slice(0, 12)}`;
}

function codeOf(code: unknown): string | null {
  if (!isRecord(code)) {
    return text(code);
  }
  const parts = Object.entries(code).flatMap(([name, value]) => {
    const said = text(value);
    return said === null ? [] : [`${name.replaceAll("_", " ")} ${said}`];
  });
  return parts.length > 0 ? parts.join(", ") : null;
}

function text(value: unknown): string | null {
  if (typeof value === "boolean") {
    return value ? "yes" : "no";
  }
  if (typeof value === "number") {
    return String(value);
  }
  return typeof value === "string" && value !== "" ? value : null;
}
