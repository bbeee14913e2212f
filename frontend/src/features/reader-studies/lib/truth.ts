/** The classes that an image can truly have, as far as anything chosen knows them. */

import type { StudyDesign } from "../../../shared/api/types";
import type { Sources } from "./step-props";

interface ClassName {
  key: string;
  name: string;
}

/** Those of the arms' models first, then those of the images' data sets, then what images were said to be. */
export function classesOf(
  design: StudyDesign,
  { models, datasets }: Pick<Sources, "models" | "datasets">,
): ClassName[] {
  const found = new Map<string, string>();
  const take = (classes: readonly ClassName[]) => {
    for (const { key, name } of classes) {
      if (!found.has(key)) {
        found.set(key, name);
      }
    }
  };
  for (const arm of design.arms) {
    take(models.find(({ id }) => id === arm.model_version_id)?.classes ?? []);
  }
  const used = new Set(design.cases.map(({ dataset_id }) => dataset_id));
  for (const dataset of datasets) {
    if (used.has(dataset.id)) {
      take(dataset.classes);
    }
  }
  for (const { truth_class } of design.cases) {
    if (truth_class) {
      take([{ key: truth_class, name: truth_class }]);
    }
  }
  return [...found].map(([key, name]) => ({ key, name }));
}
