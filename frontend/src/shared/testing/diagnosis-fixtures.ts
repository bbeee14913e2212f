/** Diagnoses as the server would send them, of the model in fixtures.ts and its four options. */

import type {
  CodeDiagnosis,
  ConceptFlag,
  Diagnosis,
  DiagnosisDetail,
  DiagnosisResult,
  Embedding,
  GroupDiagnosis,
  OptionDiagnosis,
  OptionSheet,
  ScoreDistribution,
} from "../api/types";
import { ACCOUNT_ID } from "./account-fixtures";
import { MODEL_ID } from "./fixtures";

export const DIAGNOSIS_ID = "77777777777777777777777777777777";

export function makeDiagnosis(overrides: Partial<Diagnosis> = {}): Diagnosis {
  return {
    id: DIAGNOSIS_ID,
    status: "succeeded",
    position: null,
    attempts: 1,
    error: null,
    progress: null,
    created_at: "2026-11-21T10:00:00Z",
    created_by: { id: ACCOUNT_ID, name: "Anna Weber" },
    started_at: "2026-11-21T10:00:02Z",
    finished_at: "2026-11-21T10:00:31Z",
    model_version_id: MODEL_ID,
    model_name: "dermoscopy-small",
    dataset_id: "synthetic-dermoscopy",
    split: "validation",
    drawn: 500,
    seed: 0,
    flags: { dormant: 1, redundant: 1, not_localized: 1 },
    images: 500,
    ...overrides,
  };
}

export function makeDistribution(mean: number, images = 500): ScoreDistribution {
  return {
    images,
    mean,
    deviation: 0.8,
    quantiles: [-1.8, -1.2, -0.5, 0, 0.5, 1.2, 1.8].map((step) => mean + step),
  };
}

const ids = ["border.fading", "border.sharp", "pattern.network", "pattern.lacunae"] as const;

export function makeOptionDiagnosis(overrides: Partial<OptionDiagnosis> = {}): OptionDiagnosis {
  return {
    id: "border.fading",
    scores: makeDistribution(0.4),
    by_class: { mel: makeDistribution(1.1, 210), nv: makeDistribution(-0.3, 290) },
    margin_deviation: 0.91,
    readability: [
      {
        source: "image",
        auroc: 0.913,
        low: 0.884,
        high: 0.942,
        auroc_score: 0.897,
        present: 220,
        absent: 280,
      },
    ],
    present: 231,
    present_share: 0.462,
    assigned: 1204,
    assignment_ratio: 0.963,
    weight_norm: 1.42,
    contribution: 0.84,
    contribution_spread: 0.51,
    localization: {
      images: 231,
      empty: 4,
      peak: 3.4,
      energy: 2.6,
      concentration: 0.34,
      shuffled: 0.12,
      pointing: 0.81,
      pointing_others: 0.52,
      pointing_centre: 0.6,
      masks: 225,
    },
    top: [0, 1].map((row) => ({ row, score: 2.5 - 0.25 * row })),
    bottom: [2, 3].map((row) => ({ row, score: -2 + 0.1 * row })),
    ...overrides,
  };
}

/** An option that the model never learned. */
export const DORMANT_OPTION = makeOptionDiagnosis({
  id: "pattern.lacunae",
  readability: [
    {
      source: "image",
      auroc: 0.521,
      low: 0.462,
      high: 0.58,
      auroc_score: 0.51,
      present: 48,
      absent: 452,
    },
  ],
  present: 3,
  present_share: 0.006,
  assigned: 2,
  assignment_ratio: 0.004,
});

export const FLAGS: ConceptFlag[] = [
  {
    option: "border.sharp",
    kind: "redundant",
    sign: "scores",
    value: 0.974,
    threshold: 0.95,
    other: "border.fading",
    reason: "redundant: its scores correlate by +0.974 with those of border.fading (above 0.95)",
  },
  {
    option: "pattern.lacunae",
    kind: "dormant",
    sign: "unreadable",
    value: 0.521,
    threshold: 0.6,
    other: null,
    reason:
      "dormant: the score does not tell the 48 images labelled with it from the 452 without (AUROC 0.52, 95 % 0.46 to 0.58; below 0.6)",
  },
  {
    option: "pattern.lacunae",
    kind: "not_localized",
    sign: "scattered",
    value: 1.04,
    threshold: 1.1,
    other: null,
    reason:
      "not localized: 13% of its map lies around the peak, 12% if the patches are shuffled (1.04 times; below 1.1)",
  },
];

export const RULES: Record<string, string> = {
  dormant:
    "Where at least 20 images are labelled with an option and as many without it, its AUROC is below 0.6; elsewhere its codes get less than 10 % of an even assignment.",
  redundant: "The scores or the texts of two options are more alike than 0.95.",
  not_localized: "The maps are less than 1.1 times as concentrated as shuffled ones.",
};

function makeGroupDiagnosis(key: string, mass: number, codes: number[]): GroupDiagnosis {
  return {
    key,
    magnet_mass: mass,
    magnet_entropy: 0.71,
    codes,
    assigned: 1206,
    assignment_ratio: 0.482,
  };
}

export function makeCodeDiagnosis(overrides: Partial<CodeDiagnosis> = {}): CodeDiagnosis {
  return {
    index: 0,
    patches: 1206,
    share: 0.603,
    images: 480,
    group: "border",
    associations: [
      { group: "border", phi: 0.62, p: 0.005, mask_phi: 0.41, mask_p: 0.005 },
      { group: "pattern", phi: -0.2, p: 0.11, mask_phi: null, mask_p: null },
    ],
    nearest: [
      { row: 0, patch: 0, distance: 0.11 },
      { row: 1, patch: 3, distance: 0.14 },
    ],
    ...overrides,
  };
}

/** Codes 0, 3 and 5: of the border, of no group, and never used. */
export const CODES: CodeDiagnosis[] = [
  makeCodeDiagnosis(),
  makeCodeDiagnosis({ index: 3, patches: 794, share: 0.397, images: 401, group: null }),
  makeCodeDiagnosis({ index: 5, patches: 0, share: 0, images: 0, group: null, nearest: [] }),
];

function makeOptionSheet(id: string, at: number): OptionSheet {
  const tile = (row: number, score: number, end: "top" | "bottom") => ({
    row,
    score,
    end,
    key: `image-${String(row).padStart(4, "0")}`,
    class_key: row % 2 === 0 ? "mel" : "nv",
  });
  return {
    option_id: id,
    path: `/diagnoses/${DIAGNOSIS_ID}/sheets/option-${at}`,
    tile_size: 160,
    columns: 4,
    tiles: [
      tile(0, 2.5, "top"),
      tile(1, 2.25, "top"),
      tile(2, -1.8, "bottom"),
      tile(3, -1.7, "bottom"),
    ],
  };
}

export function makeDiagnosisResult(overrides: Partial<DiagnosisResult> = {}): DiagnosisResult {
  return {
    concept_set_digest: "d".repeat(64),
    dataset: "synthetic-dermoscopy",
    synthetic: true,
    images: 500,
    grid: [2, 2],
    settings: {
      association_floor: 0.3,
      assignment_floor: 0.1,
      variation_floor: 0.1,
      presence_floor: 0.005,
      readable: 0.6,
      least_labels: 20,
      correlation: 0.95,
      cosine: 0.95,
      concentration_gain: 1.1,
      pointing_gain: 0.02,
      pointing_ceiling: 0.95,
      least_maps: 10,
      permutations: 199,
      permuted_images: 500,
      nearest: 24,
      extremes: 6,
      embedded_tokens: 4000,
      umap: true,
      batch: 32,
      seed: 0,
    },
    rules: RULES,
    flags: FLAGS,
    codes: CODES,
    groups: [makeGroupDiagnosis("border", 0.64, [0]), makeGroupDiagnosis("pattern", 0.36, [])],
    options: ids.map((id) =>
      id === "pattern.lacunae" ? DORMANT_OPTION : makeOptionDiagnosis({ id }),
    ),
    option_sheets: ids.map(makeOptionSheet),
    code_sheets: CODES.map(({ index, nearest }) => ({
      index,
      path: `/diagnoses/${DIAGNOSIS_ID}/sheets/code-${index}`,
      tile_size: 96,
      columns: 8,
      tiles: nearest.map(({ row, patch, distance }) => ({
        row,
        patch,
        distance,
        key: `image-${String(row).padStart(4, "0")}`,
        class_key: row % 2 === 0 ? "mel" : "nv",
      })),
    })),
    embeddings: ["umap", "pca"],
    ...overrides,
  };
}

export function makeDiagnosisDetail(overrides: Partial<DiagnosisDetail> = {}): DiagnosisDetail {
  return { ...makeDiagnosis(), result: makeDiagnosisResult(), ...overrides };
}

export function makeEmbedding(overrides: Partial<Embedding> = {}): Embedding {
  return {
    method: "umap",
    explained: null,
    places: [
      [0, 0, 0],
      [1, 0.5, -0.25],
      [-1, 0.25, 0.75],
      [0.5, -1, 0.5],
    ],
    codes_of: [0, 0, 3, 0],
    keys: ["image-0000", "image-0000", "image-0001", "image-0002"],
    patches: [0, 1, 3, 2],
    codes: [
      [0.1, 0.1, 0],
      [-0.5, 0.2, 0.1],
      [0.4, 0.4, -0.4],
    ],
    ...overrides,
  };
}
