/** What the comparison page is asked, as it stands in its address; what is left out is chosen sensibly. */

import { heldTo } from "../../features/models/lib/versions";
import type { Dataset, ModelComparison, ModelVersion } from "../../shared/api/types";

export type Split = ModelComparison["split"];

export const SPLITS: readonly { value: Split; label: string }[] = [
  { value: "test", label: "Test images" },
  { value: "validation", label: "Validation images" },
  { value: "train", label: "Training images" },
  { value: "all", label: "All images" },
];

export interface Choice {
  a: string | null;
  b: string | null;
  dataset: string | null;
  split: Split;
}

export function choiceOf(
  address: URLSearchParams,
  models: readonly ModelVersion[],
  datasets: readonly Dataset[],
): Choice {
  const wanted = { a: address.get("a"), b: address.get("b") };
  const b = models.find(({ id }) => id === wanted.b) ?? null;
  const a =
    models.find(({ id }) => id === wanted.a) ??
    (b ? heldTo(b, models) : (models.find(({ active }) => active) ?? models[0] ?? null));
  const other = b ?? (a ? otherThan(a, models) : null);
  const split = SPLITS.find(({ value }) => value === address.get("split"))?.value ?? "test";
  const dataset = address.get("dataset") ?? defaultDataset(a, other, datasets);
  return {
    // One that is not there is left standing, to be told so.
    a: wanted.a ?? a?.id ?? null,
    b: wanted.b ?? other?.id ?? null,
    dataset,
    split,
  };
}

function otherThan(a: ModelVersion, models: readonly ModelVersion[]): ModelVersion | null {
  const others = models.filter(({ id }) => id !== a.id);
  return (
    others.find(({ dataset }) => dataset === a.dataset) ??
    others.find((other) => sameClasses(a, other)) ??
    null
  );
}

function defaultDataset(
  a: ModelVersion | null,
  b: ModelVersion | null,
  datasets: readonly Dataset[],
): string | null {
  const ready = datasets.filter(({ status }) => status === "ready");
  const own = ready.find(({ name }) => name === b?.dataset || name === a?.dataset);
  return own?.id ?? (a ? (ready.find((dataset) => sameClasses(a, dataset))?.id ?? null) : null);
}

type HasClasses = { classes: readonly { key: string }[] };

export function sameClasses(a: HasClasses, b: HasClasses): boolean {
  const keys = new Set(a.classes.map(({ key }) => key));
  return a.classes.length === b.classes.length && b.classes.every(({ key }) => keys.has(key));
}

/** Ready ones that share a class with the model, and the chosen one whatever it is. */
export function comparableDatasets(
  model: ModelVersion,
  datasets: readonly Dataset[],
  chosen: string | null,
): Dataset[] {
  const keys = new Set(model.classes.map(({ key }) => key));
  return datasets.filter(
    ({ id, status, name, classes }) =>
      id === chosen ||
      (status === "ready" &&
        (name === model.dataset || classes.some((entry) => keys.has(entry.key)))),
  );
}

/** Why it cannot be asked, with what to do; null: it can. */
export function problemOf(
  choice: Choice,
  a: ModelVersion | null,
  b: ModelVersion | null,
): string | null {
  if ((choice.a && !a) || (choice.b && !b)) {
    return "The address names a version that is not registered here. Choose another one above.";
  }
  if (!a || !b) {
    return "A comparison needs two versions with the same classes, and there is only one. Retrain it, and compare the result with it here.";
  }
  if (a.id === b.id) {
    return "A and B are the same version. Choose another one for either.";
  }
  if (!sameClasses(a, b)) {
    return `${a.name} and ${b.name} tell other classes apart, so that they cannot be compared. Choose versions with the same classes.`;
  }
  return null;
}

export function writeChoice({ a, b, dataset, split }: Choice): URLSearchParams {
  return new URLSearchParams({
    ...(a && { a }),
    ...(b && { b }),
    ...(dataset && { dataset }),
    ...(split !== "test" && { split }),
  });
}
