/** The items of a frozen design in words. */

import type { StudyItem } from "../../../shared/api/types";

export interface ItemFilter {
  task: string | null;
  arm: string | null;
}

export function matching(items: readonly StudyItem[], { task, arm }: ItemFilter): StudyItem[] {
  return items.filter(
    (item) => (task === null || item.task_key === task) && (arm === null || item.arm_key === arm),
  );
}

const SHAMS: Readonly<Record<string, string>> = {
  other_concept: "another concept’s map",
  other_image: "map of another image",
  shuffled: "shuffled map",
};

const MAPS: Readonly<Record<string, string>> = { gradcam: "Grad-CAM", magnet: "Magnet" };

/** What is really shown, which no reader is told. */
export function shownWords({ truth, option_id }: Pick<StudyItem, "truth" | "option_id">): string {
  const { map_kind, sham, map_option_id, map_case_number } = truth;
  if (map_kind === null) {
    return "image alone";
  }
  const whose = map_option_id !== null && map_option_id !== option_id ? `, ${map_option_id}` : "";
  if (sham === "other_image" && map_case_number !== null) {
    return `map of image ${map_case_number}${whose}`;
  }
  return sham ? `${SHAMS[sham] ?? sham}${whose}` : `${MAPS[map_kind] ?? map_kind}${whose}`;
}

/** The right answer, as far as anybody knows it. */
export function truthWords({ answer, class_key, positive }: StudyItem["truth"]): string {
  const parts = [
    answer,
    class_key && `class ${class_key}`,
    positive === null ? null : positive ? "positive" : "negative",
  ];
  return parts.filter(Boolean).join(", ") || "none known";
}
