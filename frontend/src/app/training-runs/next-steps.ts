import type { ModelVersion, TrainingRun } from "../../shared/api/types";

/** Where the new version is held against the one in use, or else its parent; null: there is nothing to compare with. */
export function comparisonAddress(
  { model, parent, dataset_id }: Pick<TrainingRun, "model" | "parent" | "dataset_id">,
  models: readonly ModelVersion[],
): { to: string; words: string } | null {
  if (!model) {
    return null;
  }
  const active = models.find((entry) => entry.active && entry.dataset === dataset_id);
  const other = active && active.id !== model.id ? active : parent;
  if (!other) {
    return null;
  }
  const query = new URLSearchParams({ a: other.id, b: model.id, dataset: dataset_id });
  const words = other === active ? "Compare with the active version" : "Compare with the parent";
  return { to: `/models/compare?${query}`, words };
}
