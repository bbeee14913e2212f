import { useCallback } from "react";
import { useUpdateCase } from "../../features/cases/api/update-case";
import { useRequestPrediction } from "../../features/predictions/api/create-prediction";
import type { Case, ModelVersion, RenderingCreate } from "../../shared/api/types";

/**
 * Has a case explained: by the model the server takes for it (null), or by a chosen one. With an image of
 * one's own the choice says what the image is and is kept with the case, so that the next explanation
 * needs no guess, unless it is somebody else's. An example is what it is, whichever model looks at it.
 * `rendering`: what the model is to see of a case that keeps values; nothing: as the file asks.
 */
export function useExplainWith(
  entry: Case,
): (model: ModelVersion | null, rendering?: RenderingCreate | null) => void {
  const request = useRequestPrediction();
  const { mutate: update } = useUpdateCase(entry.id);
  const { id, dataset, synthetic, may_change: mayChange } = entry;
  return useCallback(
    (model, rendering) => {
      if (model && mayChange && !synthetic && dataset !== model.dataset) {
        update({ dataset: model.dataset });
      }
      request(id, model?.id, rendering);
    },
    [request, update, id, dataset, synthetic, mayChange],
  );
}
