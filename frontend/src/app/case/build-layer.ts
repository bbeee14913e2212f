/** From a prediction's maps to what the viewer draws. Here, because it needs both features. */

import { codeName } from "../../features/predictions/lib/code-name";
import type { Selection } from "../../features/predictions/lib/selection";
import type { MapLayer } from "../../features/viewer/lib/overlay";
import type { Maps, Prediction } from "../../shared/api/types";
import { type Grid, gridFromRows, largestValue } from "../../shared/imaging/map-sampling";
import { formatPercent } from "../../shared/lib/format";

export interface LoadedMaps {
  gradcam: Maps | undefined;
  magnet: Maps | undefined;
}

export type ShownMap = Pick<Selection, "layer" | "optionId" | "groupKey" | "code">;

/** Null for the original, and while the map's values are not there yet. */
export function buildLayer(
  prediction: Prediction,
  shown: ShownMap,
  maps: LoadedMaps,
): MapLayer | null {
  switch (shown.layer) {
    case "none":
      return null;
    case "gradcam":
      return gradcamLayer(prediction, shown.optionId, maps.gradcam);
    case "magnet":
      return magnetLayer(prediction, shown.groupKey, maps.magnet);
    case "index":
      return indexLayer(prediction, shown.code);
  }
}

function gradcamLayer(
  prediction: Prediction,
  optionId: string | null,
  maps: Maps | undefined,
): MapLayer | null {
  const map = maps?.maps.find((candidate) => candidate.option_id === optionId);
  const group = prediction.groups.find(({ options }) => options.some(({ id }) => id === optionId));
  const option = group?.options.find(({ id }) => id === optionId);
  if (!maps || !map || !group || !option) {
    return null;
  }
  const grid = gridFromRows(map.values);
  const maximum = largestValue(grid);
  return {
    id: `${prediction.id}-gradcam-${optionId}`,
    kind: "gradcam",
    kindLabel: "Grad-CAM",
    title: `${group.name}: ${option.text}`,
    onPath: true,
    grid,
    region: maps.region,
    maximum,
    scaleNote: "Raises this option's score. Scaled to its own maximum.",
    formatValue: (value) =>
      maximum > 0 ? `${Math.round((100 * value) / maximum)}\u202f% of max` : "0",
  };
}

function magnetLayer(
  prediction: Prediction,
  groupKey: string | null,
  maps: Maps | undefined,
): MapLayer | null {
  const map = maps?.maps.find((candidate) => candidate.group_key === groupKey);
  const group = prediction.groups.find(({ key }) => key === groupKey);
  if (!maps || !map || !group) {
    return null;
  }
  return {
    id: `${prediction.id}-magnet-${groupKey}`,
    kind: "magnet",
    kindLabel: "Magnet",
    title: group.name,
    onPath: true,
    grid: gridFromRows(map.values),
    region: maps.region,
    maximum: largestOf(maps),
    scaleNote: "Share of each patch that the group gathers, on one scale for all groups.",
    formatValue: (value) => formatPercent(value),
  };
}

function largestOf(maps: Maps): number {
  return maps.maps.reduce(
    (largest, { values }) => Math.max(largest, ...values.map((row) => Math.max(...row))),
    0,
  );
}

function indexLayer(prediction: Prediction, code: number | null): MapLayer {
  const nameOf = (index: number): string => {
    const found = prediction.codes.find((candidate) => candidate.index === index);
    return found ? `code ${index} (${codeName(found, prediction)})` : `code ${index}`;
  };
  const grid: Grid = gridFromRows(prediction.index_map);
  return {
    id: `${prediction.id}-index-${code}`,
    kind: "index",
    kindLabel: "Index map",
    title: code === null ? "Nearest code of each patch" : `Patches of ${nameOf(code)}`,
    onPath: false,
    grid,
    region: prediction.region,
    maximum: 0,
    scaleNote: "Visual dictionary: the colours stand for codes, see the codebook.",
    formatValue: nameOf,
    highlight: code,
  };
}
