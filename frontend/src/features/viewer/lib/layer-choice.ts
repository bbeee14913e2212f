import type { MapKind } from "./overlay";

/** Which kind of map lies over the image; `none` is the original. */
export type LayerChoice = "none" | MapKind;

export const LAYER_CHOICES: readonly { value: LayerChoice; label: string; note: string }[] = [
  { value: "none", label: "Original", note: "The image without a map" },
  {
    value: "gradcam",
    label: "Grad-CAM",
    note: "Where the score of one option comes from. On the path to the prediction",
  },
  {
    value: "magnet",
    label: "Magnet",
    note: "Which patches one group of concepts gathers. On the path to the prediction",
  },
  {
    value: "index",
    label: "Index map",
    note: "Visual dictionary: the nearest code of each patch. Auxiliary, not on the path to the prediction",
  },
];
