/** What a run was made of: as it was asked for, and once it has succeeded as it was recorded with the model. */

import type { TrainingRunDetail } from "../../../shared/api/types";
import { modeWords } from "./status";

export interface Fact {
  term: string;
  value: string;
  /** Page of it. */
  to?: string;
}

const DIGEST = 12;

export function lineageFacts(run: TrainingRunDetail): Fact[] {
  const recorded = run.lineage ?? {};
  const dataset = recordIn(recorded, "dataset");
  const settings = recordIn(recorded, "settings") ?? asked(run);
  const { concept_set: concepts, parent } = run;
  const labels = recordIn(recorded, "labels");
  const facts: (Fact | null)[] = [
    { term: "Mode", value: modeWords(run.settings.mode) },
    parent
      ? { term: "Parent", value: parent.name, to: `/models/${parent.id}` }
      : { term: "Parent", value: "none: from the encoder’s own weights" },
    {
      term: "Concepts",
      value: `${concepts.title}, revision ${concepts.number} (${concepts.digest.slice(0, DIGEST)})`,
      to: `/concept-sets/${concepts.id}`,
    },
    {
      term: "Data set",
      value: withDigest(run.dataset_id, dataset?.digest),
      to: `/datasets/${run.dataset_id}`,
    },
    run.test_dataset_id === null
      ? null
      : {
          term: "Test data set",
          value: run.test_dataset_id,
          to: `/datasets/${run.test_dataset_id}`,
        },
    { term: "Splits", value: pairs(shortened(recordIn(dataset, "splits"))) },
    { term: "Corrected labels", value: labelWords(run, labels) },
    { term: "Settings", value: pairs(settings) },
    { term: "Seed", value: String(run.settings.seed) },
    { term: "Code version", value: codeWords(recorded.code) },
  ];
  return facts.filter((fact): fact is Fact => fact !== null && fact.value !== "");
}

/** Seed and mode have lines of their own. */
function asked({ settings }: TrainingRunDetail): Record<string, unknown> {
  const { epochs, patience, learning_rate } = settings;
  return { epochs, patience, learning_rate };
}

function labelWords(run: TrainingRunDetail, labels: Record<string, unknown> | null): string {
  if (!run.settings.include_labels) {
    return "not included";
  }
  const cases = labels?.cases ?? labels?.images;
  return typeof cases === "number" ? `included, of ${cases} reviewed cases` : "included";
}

function codeWords(code: unknown): string {
  return typeof code === "string" ? code : pairs(asRecord(code));
}

function withDigest(name: string, digest: unknown): string {
  return typeof digest === "string" ? `${name} (${digest.slice(0, DIGEST)})` : name;
}

function shortened(digests: Record<string, unknown> | null): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(digests ?? {}).map(([split, digest]) => [
      split,
      String(digest).slice(0, DIGEST),
    ]),
  );
}

/** "epochs 12, learning rate 0.001": what is simple enough for a line, and is set. */
function pairs(record: Record<string, unknown> | null): string {
  return Object.entries(record ?? {})
    .filter(([key]) => key !== "seed" && key !== "mode")
    .filter(([, value]) => ["string", "number", "boolean"].includes(typeof value) && value !== "")
    .map(([key, value]) => `${key.replaceAll("_", " ")} ${plain(value)}`)
    .join(", ");
}

function plain(value: unknown): string {
  return typeof value === "boolean" ? (value ? "yes" : "no") : String(value);
}

function asRecord(value: unknown): Record<string, unknown> | null {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}

function recordIn(holder: Record<string, unknown> | null, key: string) {
  return asRecord(holder?.[key]);
}
