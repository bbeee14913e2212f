/** Evidence as the server would send it, of the model in fixtures.ts and its two concept groups, and two more. */

import type {
  ConceptEvidence,
  Evidence,
  EvidenceMeasurement,
  Measured,
  NamedFigure,
  TrustTest,
} from "../api/types";
import { ACCOUNT_ID } from "./account-fixtures";
import { MODEL_ID } from "./fixtures";

export const MEASUREMENT_ID = "a".repeat(32);

export const measured = (value: number, low: number, high: number, n = 500): Measured => ({
  value,
  low,
  high,
  n,
});

export const notMeasured = (n = 0): Measured => ({ value: null, low: null, high: null, n });

export function makeFigure(overrides: Partial<NamedFigure> = {}): NamedFigure {
  return {
    key: "bmac",
    name: "Balanced accuracy",
    unit: "share",
    better: "higher",
    measured: measured(0.912, 0.884, 0.938),
    reference: 0.5,
    reference_name: "chance",
    ...overrides,
  };
}

export function makeConceptEvidence(overrides: Partial<ConceptEvidence> = {}): ConceptEvidence {
  return {
    key: "border",
    name: "Border",
    labels: "image",
    reliability: "limited",
    reason: "Read better than by chance, but not surely well: 0.71 (0.60 to 0.82) on 59 images.",
    accuracy: measured(0.71, 0.6, 0.82, 59),
    chance: 0.5,
    pointing_gradcam: measured(0.64, 0.51, 0.76, 59),
    pointing_magnet: notMeasured(),
    pointing_centre: 0.58,
    iou_gradcam: measured(0.31, 0.25, 0.37, 59),
    options: [
      {
        id: "border.fading",
        name: "edge that fades gradually",
        auroc: measured(0.78, 0.64, 0.9, 59),
        present: 21,
        absent: 38,
      },
      {
        id: "border.sharp",
        name: "sharply cut edge",
        auroc: notMeasured(),
        present: 0,
        absent: 59,
      },
    ],
    ...overrides,
  };
}

export const PATTERN = makeConceptEvidence({
  key: "pattern",
  name: "Dermoscopic pattern",
  reliability: "good",
  reason: "Read well: 0.94 (0.92 to 0.96) on 500 images.",
  accuracy: measured(0.94, 0.92, 0.96),
  options: [],
});

export const COLOUR = makeConceptEvidence({
  key: "colour",
  name: "Colour",
  labels: "class",
  reliability: "unverified",
  reason: "Nobody read it in the images.",
  options: [],
});

export const SHAPE = makeConceptEvidence({
  key: "shape",
  name: "Shape",
  reliability: "poor",
  reason: "Not told apart from chance: 0.52 (0.44 to 0.60) on 59 images.",
  accuracy: measured(0.52, 0.44, 0.6, 59),
  options: [],
});

export function makeTrustTest(overrides: Partial<TrustTest> = {}): TrustTest {
  return {
    key: "localization",
    question: "Do the maps point at the finding?",
    answer: "Grad-CAM does in 0.64 (0.51 to 0.76) of 59 images, the centre in 0.58.",
    verdict: "partly",
    figures: [
      makeFigure({
        key: "over_centre",
        name: "Grad-CAM less the centre",
        unit: "difference",
        measured: measured(0.06, -0.08, 0.19, 59),
        reference: 0,
        reference_name: "no difference",
      }),
    ],
    ...overrides,
  };
}

export function makeEvidence(overrides: Partial<Evidence> = {}): Evidence {
  return {
    format: 1,
    weights_digest: "c".repeat(64),
    made_on: "2026-11-22",
    command: "vitrine experiment evidence evidence.yaml",
    tested_on: {
      dataset: "synthetic-dermoscopy",
      synthetic: true,
      split: "test",
      images: 500,
      clusters: 500,
    },
    limits: ["All images are drawn by a program. The figures say nothing about real images."],
    decision: [
      makeFigure(),
      makeFigure({
        key: "ece",
        name: "Expected calibration error",
        unit: "probability",
        better: "lower",
        measured: measured(0.034, 0.021, 0.05),
        reference: null,
        reference_name: null,
      }),
    ],
    concepts: [COLOUR, makeConceptEvidence(), SHAPE, PATTERN],
    tests: [
      makeTrustTest(),
      makeTrustTest({
        key: "deletion",
        question: "Does the model need what the maps mark?",
        answer: "Not measured: blurring takes nothing away.",
        verdict: "unmeasured",
        figures: [],
      }),
    ],
    is_of_these_weights: true,
    measured_here: false,
    ...overrides,
  };
}

export function makeMeasurement(overrides: Partial<EvidenceMeasurement> = {}): EvidenceMeasurement {
  return {
    id: MEASUREMENT_ID,
    status: "succeeded",
    position: null,
    attempts: 1,
    error: null,
    progress: null,
    created_at: "2026-11-22T07:00:00Z",
    created_by: { id: ACCOUNT_ID, name: "Anna Weber" },
    started_at: "2026-11-22T07:00:02Z",
    finished_at: "2026-11-22T07:04:31Z",
    model_version_id: MODEL_ID,
    dataset_id: "synthetic-dermoscopy",
    split: "test",
    drawn: 500,
    seed: 0,
    images: 500,
    ...overrides,
  };
}
