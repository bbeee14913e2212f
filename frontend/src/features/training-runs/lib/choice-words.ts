/** What can be chosen for a training, in words. */

import type { ConceptSet, Dataset, ModelVersion } from "../../../shared/api/types";
import { formatCount } from "../../../shared/lib/format";

export function modelLabel({ name, dataset, active }: ModelVersion): string {
  return `${name} (${dataset}${active ? ", active" : ""})`;
}

export function datasetLabel({ id, title, images }: Dataset): string {
  return images === null ? `${title} (${id})` : `${title} (${id}, ${formatCount(images)} images)`;
}

/** "7 classes, 6 groups, 34 options; newest is revision 3." */
export function conceptSetHint({ classes, groups, options, latest }: ConceptSet): string {
  return `${classes} classes, ${groups} groups, ${options} options; newest is revision ${latest.number}.`;
}
