/** Training runs as the server would send them. Typed by the OpenAPI file, as in fixtures.ts. */

import type { SplitFigures, TrainingEstimate, TrainingRun, TrainingRunDetail } from "../api/types";
import { ACCOUNT_ID } from "./account-fixtures";
import { MODEL_ID } from "./fixtures";

export const RUN_ID = "5".repeat(32);
export const TRAINED_MODEL_ID = "6".repeat(32);
export const TRAINED_SET_ID = "7".repeat(32);

type Epoch = TrainingRunDetail["epochs"][number];

export function makeFigures(overrides: Partial<SplitFigures> = {}): SplitFigures {
  return {
    images: 500,
    class_accuracy: 0.91,
    class_bmac: 0.902,
    concept_bmac: 0.874,
    ...overrides,
  };
}

/** An epoch as training goes: losses fall, figures and rank rise. */
export function makeEpoch(epoch: number, overrides: Partial<Epoch> = {}): Epoch {
  const gain = 1 - 1 / (epoch + 1);
  return {
    epoch,
    epochs: 12,
    best: false,
    learning_rate: 0.001 / epoch,
    seconds: 3.2,
    images_per_second: 640,
    losses: {
      total: 2.4 - 1.6 * gain,
      classification: 1.1 - 0.8 * gain,
      concept: 0.9 - 0.6 * gain,
      ivq: 0.4 - 0.2 * gain,
    },
    validation_losses: {
      classification: 1.15 - 0.75 * gain,
      concept: 0.95 - 0.55 * gain,
      ivq: 0.42 - 0.2 * gain,
    },
    train: makeFigures({ images: 2000, class_bmac: 0.6 + 0.36 * gain }),
    validation: makeFigures({ class_bmac: 0.58 + 0.36 * gain, concept_bmac: 0.55 + 0.36 * gain }),
    rank_train: 20 + 24 * gain,
    rank_validation: 19 + 22 * gain,
    ...overrides,
  };
}

export function makeRun(overrides: Partial<TrainingRun> = {}): TrainingRun {
  return {
    id: RUN_ID,
    status: "running",
    position: null,
    attempts: 1,
    error: null,
    progress: { stage: "Epoch 3 of 12", done: 640, total: 2000 },
    created_at: "2026-11-21T09:30:00Z",
    created_by: { id: ACCOUNT_ID, name: "Anna Weber" },
    started_at: "2026-11-21T09:30:05Z",
    finished_at: null,
    name: "dermoscopy-small-2",
    dataset_id: "synthetic-dermoscopy",
    test_dataset_id: null,
    concept_set: {
      id: TRAINED_SET_ID,
      name: "dermoscopy",
      title: "Dermoscopy",
      revision_id: "8".repeat(32),
      number: 3,
      digest: "cd".repeat(32),
    },
    parent: { id: MODEL_ID, name: "dermoscopy-small" },
    settings: {
      mode: "quick",
      epochs: null,
      patience: null,
      learning_rate: null,
      images: null,
      include_labels: false,
      seed: 0,
    },
    model: null,
    epochs_done: 2,
    epochs_planned: 12,
    validation: makeEpoch(2).validation,
    ...overrides,
  };
}

export function makeRunDetail(overrides: Partial<TrainingRunDetail> = {}): TrainingRunDetail {
  return {
    ...makeRun(),
    changes: [
      "Border: the option “scalloped edge” is new and starts from its text embedding.",
      "33 options keep the parent’s weights.",
    ],
    epochs: [makeEpoch(1), makeEpoch(2)],
    log: [
      { sequence: 2, at: "2026-11-21T09:30:06Z", text: "Device cpu, 2 threads." },
      { sequence: 3, at: "2026-11-21T09:30:07Z", text: "2000 images for training." },
    ],
    last_sequence: 5,
    parent_figures: {
      model: { id: MODEL_ID, name: "dermoscopy-small" },
      validation: makeFigures({ class_bmac: 0.915, concept_bmac: 0.88 }),
      test: makeFigures({ images: 1000, class_bmac: 0.908, concept_bmac: 0.871 }),
      same_data: true,
      epochs: [1, 2, 3, 4].map((epoch) =>
        makeEpoch(epoch, { rank_train: 18 + 2 * epoch, rank_validation: 17 + 2 * epoch }),
      ),
    },
    test: null,
    lineage: null,
    ...overrides,
  };
}

/** Ended well: with a model, figures of the test split and what it was made of. */
export function makeSucceeded(overrides: Partial<TrainingRunDetail> = {}): TrainingRunDetail {
  return makeRunDetail({
    status: "succeeded",
    progress: null,
    finished_at: "2026-11-21T09:31:02Z",
    model: { id: TRAINED_MODEL_ID, name: "dermoscopy-small-2" },
    epochs: [makeEpoch(1), makeEpoch(2), makeEpoch(3, { best: true })],
    epochs_done: 3,
    validation: makeFigures({ class_bmac: 0.925, concept_bmac: 0.86 }),
    test: makeFigures({ images: 1000, class_bmac: 0.92, concept_bmac: 0.871 }),
    lineage: {
      mode: "quick",
      dataset: { name: "synthetic-dermoscopy", digest: "ef".repeat(32), splits: {} },
      settings: { epochs: 12, learning_rate: 0.001, batch_size: 64, mode: "quick" },
      labels: null,
      seed: 0,
      code: { version: "0.6.0", commit: "1842b2d" },
    },
    last_sequence: 9,
    ...overrides,
  });
}

export function makeEstimate(overrides: Partial<TrainingEstimate> = {}): TrainingEstimate {
  return {
    seconds: 42,
    low: 30,
    high: 63,
    stages: [
      { stage: "images", seconds: 4 },
      { stage: "tokens", seconds: 16 },
      { stage: "training", seconds: 18 },
      { stage: "measuring", seconds: 4 },
    ],
    basis: "From 3 earlier quick runs on this machine.",
    measured_here: true,
    waiting: 0,
    images: { train: 2000, validation: 500, test: 1000 },
    labelled_cases: 14,
    changes: ["34 options keep the parent’s weights."],
    problems: [],
    ...overrides,
  };
}
