/** Versions of models by their data set, and which of them was in use before. */

import type { Activation, ModelVersion } from "../../../shared/api/types";

export interface DatasetVersions {
  dataset: string;
  /** Active first, then newest first. */
  versions: ModelVersion[];
}

/** In the order of the list: data sets with an active version first, as the server lists them. */
export function byDataset(models: readonly ModelVersion[]): DatasetVersions[] {
  const groups = new Map<string, ModelVersion[]>();
  for (const model of models) {
    const versions = groups.get(model.dataset) ?? [];
    groups.set(model.dataset, [...versions, model]);
  }
  return [...groups].map(([dataset, versions]) => ({ dataset, versions }));
}

/** Name of the version that a rollback of the active one puts back, as far as the history tells. */
export function rollbackTarget(
  active: ModelVersion,
  activations: readonly Activation[],
): string | null {
  // When it was promoted last: a rollback to it only undid the promotion of another one.
  const promoted = activations.find(
    ({ dataset, kind, model }) =>
      dataset === active.dataset && model.id === active.id && kind !== "rollback",
  );
  return promoted?.previous?.name ?? null;
}

/** The version that another one is best held to: the active one, else its parent, else any other. */
export function heldTo(model: ModelVersion, models: readonly ModelVersion[]): ModelVersion | null {
  const others = models.filter(({ id, dataset }) => id !== model.id && dataset === model.dataset);
  return (
    others.find(({ active }) => active) ??
    others.find(({ id }) => id === model.parent?.id) ??
    others[0] ??
    null
  );
}

/** `/models/compare` with as much of the question as is known. */
export function compareAddress(question: {
  a?: string | null | undefined;
  b?: string | null | undefined;
  dataset?: string | null | undefined;
  split?: string | null | undefined;
}): string {
  const known = Object.entries(question).filter((entry): entry is [string, string] =>
    Boolean(entry[1]),
  );
  const query = new URLSearchParams(known).toString();
  return query ? `/models/compare?${query}` : "/models/compare";
}

const KINDS: Record<Activation["kind"], string> = {
  first: "first version",
  promotion: "promoted",
  rollback: "rolled back",
};

export function kindWords(kind: Activation["kind"]): string {
  return KINDS[kind];
}

/** The versions that it was retrained from, the nearest first, as far as they are registered here. */
export function ancestorsOf(model: ModelVersion, models: readonly ModelVersion[]): ModelVersion[] {
  const found: ModelVersion[] = [];
  let parent = model.parent;
  while (parent) {
    const id: string = parent.id;
    const next = models.find((other) => other.id === id);
    if (!next || found.includes(next)) {
      break;
    }
    found.push(next);
    parent = next.parent;
  }
  return found;
}
