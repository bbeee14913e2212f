import { useMemo } from "react";
import { usePredictionMaps } from "../../features/predictions/api/get-prediction-maps";
import { buildLayer } from "../case/build-layer";
import { groupOfOption, type MapChoice } from "./map-choice";
import type { Side } from "./side";

/** The map of one side, of the prediction behind it. */
export function useSideMap(side: Side, { layer, optionId }: MapChoice) {
  const { prediction } = side;
  const gradcam = usePredictionMaps(prediction?.id ?? null, "gradcam");
  const magnet = usePredictionMaps(prediction?.id ?? null, "magnet");
  const groupKey = groupOfOption(side, optionId);
  const map = useMemo(
    () =>
      prediction &&
      buildLayer(
        prediction,
        { layer, optionId, groupKey, code: null },
        { gradcam: gradcam.data, magnet: magnet.data },
      ),
    [prediction, layer, optionId, groupKey, gradcam.data, magnet.data],
  );
  const needed = layer === "gradcam" ? gradcam : layer === "magnet" ? magnet : null;
  return {
    map,
    error: prediction ? (needed?.error ?? null) : null,
    retry: () => void needed?.refetch(),
  };
}
