/** Which map lies over each side, and how that is written in the address. */

import { initialSelection } from "../../features/predictions/lib/selection";
import type { LayerChoice } from "../../features/viewer/lib/layer-choice";
import { LAYER_CHOICES } from "../../features/viewer/lib/layer-choice";
import type { Place, Side } from "./side";

export interface MapChoice {
  layer: LayerChoice;
  /** The Magnet map is that of the option's group. */
  optionId: string | null;
}

export interface MapChoices {
  left: MapChoice;
  right: MapChoice;
}

/** "gradcam:border.sharp". */
export function formatMap({ layer, optionId }: MapChoice): string {
  return optionId === null ? layer : `${layer}:${optionId}`;
}

/** Null for what this side does not have. */
export function parseMap(text: string | null, side: Side): MapChoice | null {
  const at = text?.indexOf(":") ?? -1;
  const layer = LAYER_CHOICES.find(({ value }) => value === (at < 0 ? text : text?.slice(0, at)));
  const optionId = at < 0 ? null : (text?.slice(at + 1) ?? null);
  if (!layer || (optionId !== null && !hasOption(side, optionId))) {
    return null;
  }
  return { layer: layer.value, optionId: optionId ?? firstMap(side).optionId };
}

export function hasOption(side: Side, optionId: string | null): boolean {
  return side.groups.some(({ options }) => options.some(({ id }) => id === optionId));
}

export function groupOfOption(side: Side, optionId: string | null): string | null {
  const group = side.groups.find(({ options }) => options.some(({ id }) => id === optionId));
  return group?.key ?? null;
}

/** What speaks most for the predicted class, as on the page of the case. */
export function firstMap({ prediction }: Side): MapChoice {
  const { layer, optionId } = prediction
    ? initialSelection(prediction)
    : { layer: "none" as const, optionId: null };
  return { layer, optionId };
}

/** Whether both know some of the same options, so that they can show the same map at all. */
export function shareOptions(left: Side, right: Side): boolean {
  return left.groups.some(({ options }) => options.some(({ id }) => hasOption(right, id)));
}

/**
 * With the same map on both sides the right one follows the left one: its layer always, its option where the
 * right one has it; else the right one has an option of its own.
 */
export function resolveMaps(
  [left, right]: readonly [Side, Side],
  texts: { map: string | null; mapRight: string | null },
  linked: boolean,
): MapChoices {
  const one = parseMap(texts.map, left) ?? firstMap(left);
  const other = parseMap(texts.mapRight, right) ?? firstMap(right);
  if (!linked) {
    return { left: one, right: other };
  }
  const optionId = hasOption(right, one.optionId) ? one.optionId : other.optionId;
  return { left: one, right: { layer: one.layer, optionId } };
}

/** What changes in the address when a map is chosen on one side. */
export function chooseMap(
  [left]: readonly [Side, Side],
  now: MapChoices,
  at: Place,
  choice: MapChoice,
  linked: boolean,
): { map?: string; "map-right"?: string } {
  if (at === "left") {
    return { map: formatMap(choice) };
  }
  if (linked && hasOption(left, choice.optionId)) {
    return { map: formatMap(choice) };
  }
  const own = { "map-right": formatMap(choice) };
  return linked ? { ...own, map: formatMap({ ...now.left, layer: choice.layer }) } : own;
}

/** What changes when a layer is chosen for both. */
export function chooseLayer({ left, right }: MapChoices, layer: LayerChoice) {
  return {
    map: formatMap({ ...left, layer }),
    "map-right": formatMap({ ...right, layer }),
  };
}

/** What changes when an option's Grad-CAM is asked for, wherever it can be shown. */
export function chooseOption(
  [left, right]: readonly [Side, Side],
  optionId: string,
): { map?: string; "map-right"?: string } {
  const map = formatMap({ layer: "gradcam", optionId });
  return {
    ...(hasOption(left, optionId) && { map }),
    ...(hasOption(right, optionId) && { "map-right": map }),
  };
}

/** The painted region that is drawn: of the group whose map is shown, else of the first group that has one. */
export function shownRegionOf(side: Side, optionId: string | null) {
  const chosen = groupOfOption(side, optionId);
  const key = chosen && side.regions.has(chosen) ? chosen : [...side.regions.keys()][0];
  const painted = key === undefined ? undefined : side.regions.get(key);
  const group = side.groups.find((candidate) => candidate.key === key);
  return painted && group ? { name: group.name, painted } : null;
}
