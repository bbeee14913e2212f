/** Comparisons and activations as the server would send them, of the model in fixtures.ts and one made from it. */

import type {
  Activation,
  ChangedImage,
  ComparedFigure,
  ModelComparison,
  ModelComparisonDetail,
  ModelComparisonResult,
  ModelEpoch,
  ModelVersion,
} from "../api/types";
import { ACCOUNT_ID } from "./account-fixtures";
import { MODEL_ID, makeModel } from "./fixtures";

export const CHILD_ID = "44444444444444444444444444444444";
export const COMPARISON_ID = "88888888888888888888888888888888";
export const RUN_ID = "99999999999999999999999999999999";

/** Retrained from the active model; not in use. */
export function makeChild(overrides: Partial<ModelVersion> = {}): ModelVersion {
  return makeModel({
    id: CHILD_ID,
    name: "dermoscopy-edited",
    active: false,
    device: null,
    precision: null,
    metrics: {
      test: { images: 1000, class_bmac: 0.925, concept_bmac: 0.861 },
      lineage: {
        mode: "quick",
        changes: ["border.blurred: new, from its text embedding", "33 options: from the parent"],
        dataset: { name: "synthetic-dermoscopy", digest: "ab".repeat(32), splits: {} },
        labels: null,
        settings: { mode: "quick", epochs: 12, learning_rate: 0.001, seed: 7 },
        seed: 7,
        code: { vitrine: "0.5.0", commit: "0123456789ab" },
      },
    },
    training_run_id: RUN_ID,
    parent: { id: MODEL_ID, name: "dermoscopy-small" },
    created_at: "2026-11-21T12:00:00Z",
    ...overrides,
  });
}

export function makeActivation(overrides: Partial<Activation> = {}): Activation {
  return {
    id: "5".repeat(32),
    dataset: "synthetic-dermoscopy",
    kind: "first",
    model: { id: MODEL_ID, name: "dermoscopy-small" },
    previous: null,
    reason: "The first version of this data set.",
    author: null,
    created_at: "2026-11-20T18:00:00Z",
    ...overrides,
  };
}

/** Puts the child in the place of the first. */
export const PROMOTION: Activation = makeActivation({
  id: "6".repeat(32),
  kind: "promotion",
  model: { id: CHILD_ID, name: "dermoscopy-edited" },
  previous: { id: MODEL_ID, name: "dermoscopy-small" },
  reason: "Tells blurred borders apart.",
  author: { id: ACCOUNT_ID, name: "Anna Weber" },
  created_at: "2026-11-21T12:30:00Z",
});

export function makeFigure(overrides: Partial<ComparedFigure> = {}): ComparedFigure {
  return {
    key: "bmac",
    name: "Balanced accuracy (BMAC)",
    better: "higher",
    n: 500,
    a: 0.912,
    b: 0.925,
    interval_a: { low: 0.884, high: 0.936 },
    interval_b: { low: 0.9, high: 0.947 },
    difference: 0.013,
    interval: { low: 0.002, high: 0.026 },
    bca: { low: 0.002, high: 0.027 },
    p_value: 0.021,
    verdict: "better",
    sentence: "B is better by 0.013 (0.002 to 0.026).",
    ...overrides,
  };
}

/** A figure that falls, and one of which nothing can be said. */
export const WORSE_BMAC = makeFigure({
  b: 0.871,
  difference: -0.041,
  interval: { low: -0.063, high: -0.019 },
  p_value: 0.0004,
  verdict: "worse",
  sentence: "B is worse by 0.041 (0.019 to 0.063).",
});

const ECE = makeFigure({
  key: "ece",
  name: "ECE, 15 bins of equal width",
  better: "lower",
  a: 0.034,
  b: 0.041,
  difference: 0.007,
  interval: { low: -0.004, high: 0.018 },
  p_value: null,
  verdict: "undecided",
  sentence: "The data do not tell them apart: B − A is +0.007 (−0.004 to +0.018).",
});

const BORDER = makeFigure({
  key: "concept_bmac.border",
  name: "Concept BMAC of Border",
  n: 480,
  a: 0.8,
  b: 0.85,
  difference: 0.05,
  interval: { low: 0.01, high: 0.09 },
});

const SENSITIVITY = makeFigure({
  key: "sensitivity.mel",
  name: "Sensitivity of Melanoma",
  n: 200,
  a: 0.9,
  b: 0.93,
  difference: 0.03,
});

const share = (count: number, of: number) => ({
  count,
  of,
  value: count / of,
  interval: { low: count / of - 0.04, high: count / of + 0.03 },
});

type Comparison = ModelComparisonResult["comparison"];

function makeSide(name: string, hits: number): Comparison["a"] {
  return {
    name,
    weights_digest: "a".repeat(64),
    concept_set: "isic2018",
    concept_set_digest: "d".repeat(64),
    trained_on: "synthetic-dermoscopy",
    synthetic: true,
    classes: [
      { key: "mel", name: "Melanoma" },
      { key: "nv", name: "Melanocytic nevus" },
    ].map((entry) => ({
      ...entry,
      sensitivity: share(hits, 200),
      specificity: share(280, 300),
      ppv: share(hits, hits + 20),
    })),
    confusion: [
      [hits, 200 - hits],
      [20, 280],
    ],
    concept_bmac: { border: 0.8, pattern: 0.7 },
    concept_bmac_mean: 0.75,
    rank_history: { epochs: 2, epoch: [1, 2], train: [41, 42], validation: [39, 40] },
  };
}

export function makeComparisonContent(overrides: Partial<Comparison> = {}): Comparison {
  return {
    format: 1,
    notice: "Research use only. Not for diagnosis.",
    data: {
      name: "synthetic-dermoscopy",
      split: "test",
      synthetic: true,
      images: 500,
      known: 500,
      units: 500,
      largest_unit: 1,
    },
    settings: { seed: 0, resamples: 2000, stratified: false, level: 0.95 },
    class_keys: ["mel", "nv"],
    a: makeSide("dermoscopy-small", 180),
    b: makeSide("dermoscopy-edited", 186),
    concepts: {
      same: false,
      groups: [
        {
          key: "border",
          name: "Border",
          n: 480,
          options: ["border.fading", "border.sharp", "border.blurred"],
          only_a: [],
          only_b: ["border.blurred"],
        },
      ],
      only_a: ["pattern"],
      only_b: [],
      from_class: false,
    },
    figures: [makeFigure(), ECE, SENSITIVITY, BORDER],
    mcnemar: { only_a: 4, only_b: 11, method: "exact", statistic: null, p_value: 0.118 },
    permutation: {
      difference: 0.013,
      units: 15,
      permutations: 10_000,
      exact: false,
      p_value: 0.021,
    },
    changed: [
      makeChange("image-0007", "broken"),
      makeChange("image-0021", "fixed"),
      makeChange("image-0033", "fixed"),
    ],
    summary:
      "Balanced accuracy on 500 images, 95 % interval: B is better by 0.013 (0.002 to 0.026).",
    cautions: ["The images are drawings; nothing here is about patients."],
    ...overrides,
  };
}

function makeChange(key: string, kind: ChangedImage["kind"]): Comparison["changed"][number] {
  const right = kind === "fixed";
  return {
    key,
    truth: "mel",
    class_a: right ? "nv" : "mel",
    class_b: right ? "mel" : "nv",
    probabilities_a: right ? [0.4, 0.6] : [0.7, 0.3],
    probabilities_b: right ? [0.8, 0.2] : [0.45, 0.55],
    kind,
  };
}

export function makeChangedImage(key: string, kind: ChangedImage["kind"], at = 0): ChangedImage {
  const { class_a, class_b, probabilities_a, probabilities_b } = makeChange(key, kind);
  const side = (predicted: string, [mel, nv]: number[]): ChangedImage["a"] => ({
    predicted,
    probabilities: { mel: mel as number, nv: nv as number },
    contributions: [
      {
        option_id: "border.fading",
        group_key: "border",
        text: "edge that fades gradually",
        score: 1.5,
        contribution: predicted === "mel" ? 0.62 : 0.31,
      },
    ],
    shown_option: "border.fading",
  });
  return {
    key,
    kind,
    truth: "mel",
    path: `/comparisons/${COMPARISON_ID}/changed/${at}`,
    tile_size: 224,
    a: side(class_a, probabilities_a),
    b: side(class_b, probabilities_b),
  };
}

export function makeComparisonResult(
  content: Partial<Comparison> = {},
  overrides: Partial<ModelComparisonResult> = {},
): ModelComparisonResult {
  return {
    comparison: makeComparisonContent(content),
    changed: [
      makeChangedImage("image-0007", "broken", 0),
      makeChangedImage("image-0021", "fixed", 1),
      makeChangedImage("image-0033", "fixed", 2),
    ],
    ranks_a: [1, 2].map((epoch) => ({ epoch, train: 40 + epoch, validation: 38 + epoch })),
    ranks_b: [1, 2].map((epoch) => ({ epoch, train: 44 + epoch, validation: null })),
    ...overrides,
  };
}

export function makeComparison(overrides: Partial<ModelComparison> = {}): ModelComparison {
  return {
    id: COMPARISON_ID,
    status: "succeeded",
    position: null,
    attempts: 1,
    error: null,
    progress: null,
    created_at: "2026-11-21T13:00:00Z",
    created_by: { id: ACCOUNT_ID, name: "Anna Weber" },
    started_at: "2026-11-21T13:00:01Z",
    finished_at: "2026-11-21T13:00:40Z",
    a: { id: MODEL_ID, name: "dermoscopy-small", active: true },
    b: { id: CHILD_ID, name: "dermoscopy-edited", active: false },
    dataset_id: "synthetic-dermoscopy",
    split: "test",
    drawn: 500,
    seed: 0,
    summary: null,
    ...overrides,
  };
}

export function makeComparisonDetail(
  overrides: Partial<ModelComparisonDetail> = {},
): ModelComparisonDetail {
  return { ...makeComparison(), result: makeComparisonResult(), ...overrides };
}

export function makeEpoch(epoch: number, overrides: Partial<ModelEpoch> = {}): ModelEpoch {
  const figures = { images: 500, class_accuracy: 0.9, class_bmac: 0.88, concept_bmac: 0.8 };
  return {
    epoch,
    epochs: 2,
    best: epoch === 2,
    learning_rate: 0.001,
    seconds: 3.2,
    images_per_second: 620,
    losses: { total: 1 / epoch },
    validation_losses: { total: 1.1 / epoch },
    train: figures,
    validation: figures,
    rank_train: 40 + epoch,
    rank_validation: 38 + epoch,
    ...overrides,
  };
}
