/** Edits in words, for people. */

import type {
  EditRead,
  Intervention,
  InterventionPreview,
  ModelHead,
} from "../../../shared/api/types";
import { formatNumber, formatPercent } from "../../../shared/lib/format";

/** What names are taken from: a model's head has them, and so has a stored intervention. */
export interface Names {
  groups: readonly {
    key: string;
    name: string;
    options: readonly { id: string; text: string }[];
  }[];
  classes: readonly { key: string; name: string }[];
}

export function namesOf({ groups, baseline }: InterventionPreview): Names {
  return {
    groups,
    classes: baseline.map(({ class_key: key, class_name: name }) => ({ key, name })),
  };
}

type AnyEdit = Pick<EditRead, "operation"> & Partial<EditRead>;

/** "Margin: spiculated", "Shape: oval set to 1.20", "Margin: as in Benign lesion", "Margin: unknown". */
export function editWords(edit: AnyEdit, names: Names): string {
  const group = groupOf(edit, names);
  return `${group?.name ?? edit.group_key ?? "?"}: ${actionWords(edit, names)}`;
}

/** The same without the name of the group. */
export function actionWords(edit: AnyEdit, names: Names): string {
  const group = groupOf(edit, names);
  const option = group?.options.find(({ id }) => id === edit.option_id);
  const optionName = option?.text ?? edit.option_id ?? "?";
  switch (edit.operation) {
    case "set":
      return `${optionName} set to ${formatNumber(edit.value ?? 0)}`;
    case "option":
      return group?.options.length === 1 ? `${optionName} switched` : optionName;
    case "class_mean":
      return `as in ${className(names, edit.reference_class)}`;
    case "mean":
      return "unknown";
    case "region":
      return `only what lies ${edit.keep} ${patchWords(edit.patches?.length ?? 0)}`;
  }
}

function groupOf(edit: AnyEdit, names: Names) {
  return names.groups.find(
    ({ key, options }) => key === edit.group_key || options.some(({ id }) => id === edit.option_id),
  );
}

function patchWords(count: number): string {
  return `${count} painted ${count === 1 ? "patch" : "patches"}`;
}

export function className(names: Pick<Names, "classes">, key: string | null | undefined): string {
  return names.classes.find((entry) => entry.key === key)?.name ?? key ?? "?";
}

/** "Benign lesion 71.0 % → Malignant lesion 62.0 %". */
export function changeWords(shown: Pick<Intervention, keyof InterventionPreview>): string {
  const before = shown.baseline.find(({ class_key: key }) => key === shown.baseline_class);
  const after = shown.intervened.find(({ class_key: key }) => key === shown.predicted_class);
  const words = (entry: typeof before) =>
    entry ? `${entry.class_name} ${formatPercent(entry.probability)}` : "?";
  return `${words(before)} → ${words(after)}`;
}

/** Said when the predicted class changes, also when it changes back. */
export function flipWords(
  head: Pick<ModelHead, "classes">,
  from: number,
  to: number,
  stored: number,
  probability: number,
): string {
  const name = (index: number) => head.classes[index]?.name ?? "?";
  const figure = formatPercent(probability);
  return to === stored
    ? `Decision back to the prediction: ${name(from)} → ${name(to)}, ${figure}`
    : `Decision changed: ${name(from)} → ${name(to)}, ${figure}`;
}
