/** Data as the server would send it. Typed by the OpenAPI file, so that they cannot drift from it. */

import type {
  Case,
  Example,
  GroupPrediction,
  Health,
  Maps,
  ModelVersion,
  ModelVersionDetail,
  Prediction,
} from "../api/types";
import { ACCOUNT_ID } from "./account-fixtures";

export const CASE_ID = "0123456789abcdef0123456789abcdef";
export const PREDICTION_ID = "11111111111111111111111111111111";
export const MODEL_ID = "22222222222222222222222222222222";

export function makeCase(overrides: Partial<Case> = {}): Case {
  return {
    id: CASE_ID,
    pseudonym: "Case 0123AB",
    notes: "",
    sha256: "ab".repeat(32),
    width: 640,
    height: 480,
    frames: 1,
    values_kept: false,
    source_format: "png",
    deidentified: true,
    review: "not_needed",
    suspects: [],
    dataset: null,
    synthetic: false,
    filename: "lesion.png",
    modality: null,
    body_part: null,
    image_version: "5f2a",
    created_at: "2026-11-21T09:30:00Z",
    owner: { id: ACCOUNT_ID, name: "Anna Weber" },
    visibility: "private",
    groups: [],
    may_change: true,
    latest_prediction: null,
    ...overrides,
  };
}

const CLASSES = [
  { key: "mel", name: "Melanoma", bias: 0.1 },
  { key: "nv", name: "Melanocytic nevus", bias: -0.25 },
] as const;

/** Option, score, probability in its group, weight to each class. */
const OPTIONS: Record<string, [id: string, text: string, score: number, p: number, w: number[]][]> =
  {
    border: [
      ["border.fading", "edge that fades gradually", 1.5, 0.7, [0.4, -0.2]],
      ["border.sharp", "sharply cut edge", -0.5, 0.3, [0.6, 0.1]],
    ],
    pattern: [
      ["pattern.network", "regular network", 2, 0.9, [-0.5, 1]],
      ["pattern.lacunae", "red to purple lacunae", -1, 0.1, [0.2, 0.3]],
    ],
  };

const GROUP_NAMES: Record<string, string> = { border: "Border", pattern: "Dermoscopic pattern" };

/** A prediction that adds up: logits are bias plus contributions, probabilities their softmax. */
export function makePrediction(overrides: Partial<Prediction> = {}): Prediction {
  const groups: GroupPrediction[] = Object.entries(OPTIONS).map(([key, options]) => ({
    key,
    name: GROUP_NAMES[key] ?? key,
    localizable: key === "pattern",
    options: options.map(([id, text, score, probability, weights]) => ({
      id,
      text,
      score,
      probability,
      contributions: Object.fromEntries(
        CLASSES.map((entry, at) => [entry.key, score * (weights[at] ?? 0)]),
      ),
    })),
  }));
  const logits = CLASSES.map(({ key, bias }) =>
    groups
      .flatMap(({ options }) => options)
      .reduce<number>((sum, { contributions }) => sum + (contributions[key] ?? 0), bias),
  );
  const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
  return {
    id: PREDICTION_ID,
    case_id: CASE_ID,
    model_version_id: MODEL_ID,
    model: { id: MODEL_ID, name: "dermoscopy-small", synthetic: true },
    model_choice: "only",
    rendering: null,
    predicted_class: "nv",
    classes: CLASSES.map((entry, at) => ({
      ...entry,
      logit: logits[at] as number,
      probability: Math.exp(logits[at] as number) / total,
    })),
    groups,
    grid: [2, 2],
    region: { x: 0, y: -80, width: 640, height: 640 },
    index_map: [
      [0, 0],
      [0, 3],
    ],
    codes: [
      { index: 0, group_key: "border", association: 0.62, patches: 3 },
      { index: 3, group_key: null, association: null, patches: 1 },
      { index: 5, group_key: null, association: null, patches: 0 },
    ],
    familiarity: { distance: 0.4, percentile: 43.2 },
    header_note: null,
    timings_ms: { preprocess: 3.1, encoder: 21.4, head: 0.8, maps: 1.2 },
    created_at: "2026-11-21T09:31:00Z",
    ...overrides,
  };
}

export function makeMaps(kind: Maps["kind"], prediction = makePrediction()): Maps {
  const { grid, region, groups } = prediction;
  const options = groups.flatMap((group) => group.options.map((option) => ({ group, option })));
  const maps =
    kind === "gradcam"
      ? options.map(({ group, option }, at) => ({
          option_id: option.id,
          group_key: group.key,
          values: [
            [0, at],
            [0.5 * at, 2 * at],
          ],
        }))
      : groups.map((group, at) => ({
          option_id: null,
          group_key: group.key,
          values:
            at === 0
              ? [
                  [0.8, 0.6],
                  [0.3, 0.1],
                ]
              : [
                  [0.2, 0.4],
                  [0.7, 0.9],
                ],
        }));
  return { kind, grid, region, maps };
}

export function makeModel(overrides: Partial<ModelVersion> = {}): ModelVersion {
  return {
    id: MODEL_ID,
    name: "dermoscopy-small",
    dataset: "synthetic-dermoscopy",
    concept_set: { name: "isic2018", version: 1, title: "Skin lesions", digest: "d".repeat(64) },
    active: true,
    synthetic: true,
    device: "cpu",
    precision: "float32",
    metrics: { test: { images: 1000, class_bmac: 0.912, pointing: { gradcam_mean: 0.87 } } },
    classes: CLASSES.map(({ key, name }) => ({ key, name })),
    training_run_id: null,
    parent: null,
    can_roll_back: false,
    created_at: "2026-11-20T18:00:00Z",
    ...overrides,
  };
}

/** A second active model, for the other modality. */
export const ULTRASOUND_MODEL: ModelVersion = makeModel({
  id: "33333333333333333333333333333333",
  name: "breast-ultrasound",
  dataset: "busi",
  concept_set: { name: "busi", version: 1, title: "Breast ultrasound", digest: "e".repeat(64) },
  synthetic: false,
});

export function makeModelDetail(overrides: Partial<ModelVersionDetail> = {}): ModelVersionDetail {
  return {
    ...makeModel(),
    card: "# dermoscopy-small\n\n| figure | value |\n| --- | --- |\n| BMAC | 0.912 |\n\n<script>alert(1)</script>\n",
    ...overrides,
  };
}

const DERMOSCOPY = {
  modality: "dermoscopy",
  dataset: "synthetic-dermoscopy",
  synthetic: true,
} as const;
const ULTRASOUND = {
  modality: "ultrasound",
  dataset: "synthetic-ultrasound",
  synthetic: true,
} as const;

export const EXAMPLES: Example[] = [
  {
    key: "dermoscopy-mel-1",
    title: "Melanoma, example 1",
    class_key: "mel",
    class_name: "Melanoma",
    ...DERMOSCOPY,
  },
  {
    key: "ultrasound-benign-1",
    title: "Benign lesion, example 1",
    class_key: "benign",
    class_name: "Benign lesion",
    ...ULTRASOUND,
  },
  {
    key: "dermoscopy-nv-1",
    title: "Melanocytic nevus, example 1",
    class_key: "nv",
    class_name: "Melanocytic nevus",
    ...DERMOSCOPY,
  },
];

export const HEALTH: Health = {
  status: "ok",
  version: "0.1.0",
  database: "ok",
  queue: "ok",
  active_models: 1,
  max_upload_bytes: 50 * 2 ** 20,
  decoding: "full",
};
