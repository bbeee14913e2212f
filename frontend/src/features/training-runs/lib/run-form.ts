/** The form of a new training run: what was chosen, what follows from it, and the request it makes. */

import type {
  ConceptSet,
  Dataset,
  ModelVersion,
  TrainingRunCreate,
} from "../../../shared/api/types";

export type TrainingMode = "quick" | "full";
/** As a number field gives it; empty: left to the server. */
export type Field = number | "";

export interface RunForm {
  /** Undefined: not chosen, a fitting one is taken. Null: none, from the encoder's own weights. */
  parent: string | null | undefined;
  /** Null in these three: not chosen, what fits the parent is taken. */
  conceptSet: string | null;
  dataset: string | null;
  mode: TrainingMode | null;
  /** Null: the newest. */
  revision: string | null;
  /** Null: the data set's own. */
  testDataset: string | null;
  images: { train: Field; validation: Field; test: Field };
  epochs: Field;
  patience: Field;
  learningRate: Field;
  seed: Field;
  includeLabels: boolean;
  name: string;
}

/** What the concept editor and the models page hand over in the address. */
export function formFrom(query: URLSearchParams): RunForm {
  return {
    // Given without a value is not given.
    parent: query.get("parent") || undefined,
    conceptSet: query.get("concept_set") || null,
    revision: query.get("revision") || null,
    dataset: query.get("dataset") || null,
    mode: null,
    testDataset: null,
    images: { train: "", validation: "", test: "" },
    epochs: "",
    patience: "",
    learningRate: "",
    seed: "",
    includeLabels: false,
    name: "",
  };
}

export interface Choices {
  models: readonly ModelVersion[];
  conceptSets: readonly ConceptSet[];
  /** Ready ones and procedural ones. */
  datasets: readonly Dataset[];
}

/** A form with what follows from the choices filled in. */
export interface Resolved {
  parent: ModelVersion | null;
  conceptSet: ConceptSet | null;
  dataset: Dataset | null;
  mode: TrainingMode;
}

/** What is asked for, or else what fits: the set and the data that the parent was trained with. */
export function resolve(form: RunForm, { models, conceptSets, datasets }: Choices): Resolved {
  const parent = resolveParent(form, models, conceptSets);
  const conceptSet =
    form.conceptSet === null
      ? (setOf(parent, conceptSets) ?? (parent ? null : only(conceptSets)))
      : (conceptSets.find(({ id }) => id === form.conceptSet) ?? null);
  const wanted = form.dataset ?? parent?.dataset;
  const dataset =
    datasets.find(({ id }) => id === wanted) ??
    (form.dataset === null && !parent ? only(datasets) : null);
  return { parent, conceptSet, dataset, mode: parent ? (form.mode ?? "quick") : "full" };
}

function resolveParent(
  form: RunForm,
  models: readonly ModelVersion[],
  conceptSets: readonly ConceptSet[],
): ModelVersion | null {
  if (form.parent !== undefined) {
    return models.find(({ id }) => id === form.parent) ?? null;
  }
  const set = conceptSets.find(({ id }) => id === form.conceptSet);
  const fitting = models.filter(
    ({ id, dataset }) =>
      (!set || set.models.some((user) => user.id === id)) &&
      (form.dataset === null || form.dataset === dataset),
  );
  return fitting.find(({ active }) => active) ?? fitting[0] ?? null;
}

function setOf(parent: ModelVersion | null, sets: readonly ConceptSet[]): ConceptSet | undefined {
  return sets.find(({ models }) => models.some(({ id }) => id === parent?.id));
}

function only<Entry>(entries: readonly Entry[]): Entry | null {
  return entries.length === 1 ? (entries[0] ?? null) : null;
}

const NAME = /^[a-z0-9][a-z0-9-]{0,63}$/;

export interface FormProblems {
  parent?: string;
  conceptSet?: string;
  dataset?: string;
  images?: string;
  name?: string;
  epochs?: string;
  patience?: string;
  learningRate?: string;
  seed?: string;
}

export const MOST_EPOCHS = 1000;
const COUNTED = `a whole number from 1 to ${MOST_EPOCHS}.`;

/** Of a number field that is not empty: whether it is none of the numbers that the server takes. */
function outside(field: Field, low: number, high: number, whole = true): boolean {
  return field !== "" && !(field >= low && field <= high && (!whole || Number.isInteger(field)));
}

/** What the form itself can tell is wrong; the rest comes with the estimate. */
export function findProblems(form: RunForm, resolved: Resolved): FormProblems {
  const given = imagesOf(form, resolved);
  return {
    ...(form.parent &&
      !resolved.parent && { parent: "There is no such model any more. Choose another one." }),
    ...(!resolved.conceptSet && { conceptSet: "Choose a concept set." }),
    ...(!resolved.dataset && { dataset: "Choose a data set." }),
    ...(given === "incomplete" && {
      images: "Give all three numbers, each 64 or more, or leave all three empty.",
    }),
    ...(form.name !== "" &&
      !NAME.test(form.name) && {
        name: "Small letters, digits and hyphens, beginning with a letter or digit; at most 64.",
      }),
    ...(outside(form.epochs, 1, MOST_EPOCHS) && { epochs: `Epochs: ${COUNTED}` }),
    ...(outside(form.patience, 1, MOST_EPOCHS) && { patience: `Patience: ${COUNTED}` }),
    ...((form.learningRate === 0 || outside(form.learningRate, 0, 1, false)) && {
      learningRate: "Learning rate: more than 0, at most 1; 0.001 or less is usual.",
    }),
    ...(outside(form.seed, 0, 2 ** 31 - 1) && { seed: "Seed: a whole number, 0 or more." }),
  };
}

const FEWEST_IMAGES = 64;

function imagesOf({ images }: RunForm, { dataset }: Resolved) {
  const { train, validation, test } = images;
  if (dataset?.kind !== "procedural" || (train === "" && validation === "" && test === "")) {
    return null;
  }
  const valid = [train, validation, test].every(
    (count) => typeof count === "number" && count >= FEWEST_IMAGES,
  );
  return valid
    ? { train: Number(train), validation: Number(validation), test: Number(test) }
    : "incomplete";
}

/** Null while something is missing or wrong. */
export function requestOf(form: RunForm, resolved: Resolved): TrainingRunCreate | null {
  const { parent, conceptSet, dataset, mode } = resolved;
  const images = imagesOf(form, resolved);
  const wrong = Object.keys(findProblems(form, resolved)).length > 0;
  if (wrong || !conceptSet || !dataset || images === "incomplete") {
    return null;
  }
  return {
    dataset_id: dataset.id,
    test_dataset_id: form.testDataset,
    concept_set_id: conceptSet.id,
    concept_set_revision_id: form.revision,
    parent_model_version_id: parent?.id ?? null,
    name: form.name || null,
    settings: {
      mode,
      epochs: numberOf(form.epochs),
      patience: numberOf(form.patience),
      learning_rate: numberOf(form.learningRate),
      images,
      include_labels: form.includeLabels,
      seed: numberOf(form.seed) ?? 0,
    },
  };
}

const numberOf = (field: Field) => (field === "" ? null : field);
