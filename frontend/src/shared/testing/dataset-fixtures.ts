/** Data sets as the server would send them. Typed by the OpenAPI file, as in fixtures.ts. */

import type { Cluster, Dataset, DatasetAdapter, DatasetDetail, ImportFolders } from "../api/types";

export const DATASET_ID = "busi";

const CLASSES = [
  { key: "benign", name: "Benign lesion" },
  { key: "malignant", name: "Malignant lesion" },
  { key: "normal", name: "Normal tissue" },
];

export function makeDataset(overrides: Partial<Dataset> = {}): Dataset {
  return {
    id: DATASET_ID,
    name: "busi",
    title: "Breast Ultrasound Images",
    adapter: "busi",
    kind: "imported",
    status: "ready",
    progress: null,
    error: null,
    source: "/data/import/busi",
    settings: null,
    modality: "breast ultrasound",
    concept_set: "busi",
    classes: CLASSES,
    images: 553,
    synthetic: false,
    created_at: "2026-11-21T09:30:00Z",
    ...overrides,
  };
}

export const PROCEDURAL = makeDataset({
  id: "synthetic-dermoscopy",
  name: "synthetic-dermoscopy",
  title: "Procedural dermoscopy",
  adapter: null,
  kind: "procedural",
  source: null,
  modality: "dermoscopy",
  images: null,
  synthetic: true,
  created_at: null,
});

export function makeDatasetDetail(overrides: Partial<DatasetDetail> = {}): DatasetDetail {
  return {
    ...makeDataset(),
    counts: {
      train: { benign: 250, malignant: 100, normal: 50 },
      validation: { benign: 50, malignant: 20, normal: 10 },
      test: { benign: 45, malignant: 18, normal: 10 },
    },
    sizes: {
      min_width: 190,
      median_width: 256,
      max_width: 1028,
      min_height: 180,
      median_height: 256,
      max_height: 720,
    },
    card: {
      homepage: "https://example.org/busi",
      citation: "Al-Dhabyani W. Dataset of breast ultrasound images. 2020",
      licence: "Research with citation",
    },
    leakage: {
      clusters: 12,
      images_in_clusters: 30,
      disagreements: 2,
      published_split_crossings: 0,
      leaking: null,
    },
    unreadable: [],
    ...overrides,
  };
}

export function makeCluster(overrides: Partial<Cluster> = {}): Cluster {
  return {
    id: 1,
    disagree: true,
    images: [
      { row: 7, key: "benign/benign (437).png", label: "benign", split: "train" },
      { row: 8, key: "normal/normal (34).png", label: "normal", split: "train" },
    ],
    pairs: [{ a: 7, b: 8, similarity: 0.987 }],
    ...overrides,
  };
}

/** `count` groups; the first two of them disagree. */
export function makeClusters(count: number): Cluster[] {
  return Array.from({ length: count }, (_, at) =>
    makeCluster({
      id: at + 1,
      disagree: at < 2,
      images: [
        { row: 2 * at, key: `benign/benign (${at}).png`, label: "benign", split: "train" },
        {
          row: 2 * at + 1,
          key: `copy (${at}).png`,
          label: at < 2 ? "normal" : "benign",
          split: "train",
        },
      ],
      pairs: [{ a: 2 * at, b: 2 * at + 1, similarity: 0.99 }],
    }),
  );
}

export function makeAdapter(overrides: Partial<DatasetAdapter> = {}): DatasetAdapter {
  return {
    name: "busi",
    title: "Breast Ultrasound Images (BUSI)",
    modality: "breast ultrasound",
    kind: "medical",
    layout: "benign/benign (1).png\nbenign/benign (1)_mask.png\nmalignant/malignant (1).png",
    concept_set: "busi",
    homepage: "https://example.org/busi",
    citation: "Al-Dhabyani W. 2020",
    licence: "Research with citation",
    ...overrides,
  };
}

const OWN = {
  kind: "generic",
  modality: "any",
  concept_set: null,
  homepage: "",
  citation: "",
  licence: "",
} as const;

export const ADAPTERS: DatasetAdapter[] = [
  makeAdapter(),
  makeAdapter({ name: "cifar10", title: "CIFAR-10", kind: "general", modality: "natural images" }),
  makeAdapter({ ...OWN, name: "folder", title: "A folder per class", layout: "CLASS/IMAGE.png" }),
  makeAdapter({ ...OWN, name: "csv", title: "A table of images", layout: "table.csv\nimages/" }),
];

export const IMPORT_ROOT: ImportFolders = {
  root: "/data/import",
  path: "/data/import",
  parent: null,
  folders: [{ name: "busi", path: "/data/import/busi" }],
  image_files: 0,
  other_files: 1,
};

export const IMPORT_BUSI: ImportFolders = {
  root: "/data/import",
  path: "/data/import/busi",
  parent: "/data/import",
  folders: ["benign", "malignant"].map((name) => ({ name, path: `/data/import/busi/${name}` })),
  image_files: 0,
  other_files: 0,
};
