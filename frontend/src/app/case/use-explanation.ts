import { useMemo } from "react";
import { usePredictionMaps } from "../../features/predictions/api/get-prediction-maps";
import { type SelectionLink, useSelection } from "../../features/predictions/hooks/use-selection";
import { shown as shownOf } from "../../features/predictions/lib/selection";
import type { Prediction } from "../../shared/api/types";
import { buildLayer } from "./build-layer";

/** The selection in a prediction, and the map that belongs to it. */
export function useExplanation(prediction: Prediction | null, link: SelectionLink | null) {
  const [selection, act] = useSelection(prediction, link);
  const gradcam = usePredictionMaps(prediction?.id ?? null, "gradcam");
  const magnet = usePredictionMaps(prediction?.id ?? null, "magnet");
  const shown = prediction ? shownOf(prediction, selection) : selection;
  const { layer: choice, optionId, groupKey, code } = shown;

  const layer = useMemo(
    () =>
      prediction &&
      buildLayer(
        prediction,
        { layer: choice, optionId, groupKey, code },
        { gradcam: gradcam.data, magnet: magnet.data },
      ),
    [prediction, choice, optionId, groupKey, code, gradcam.data, magnet.data],
  );

  const needed = choice === "gradcam" ? gradcam : choice === "magnet" ? magnet : null;
  return {
    selection,
    act,
    choice,
    layer,
    mapsError: needed?.error ?? null,
    retryMaps: () => void needed?.refetch(),
  };
}
