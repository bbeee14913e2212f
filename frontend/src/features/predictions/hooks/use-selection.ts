import { useCallback, useReducer } from "react";
import type { Prediction } from "../../../shared/api/types";
import {
  initialSelection,
  reduceSelection,
  type Selection,
  type SelectionAction,
} from "../lib/selection";

/** One selection per prediction; give the component a key when the prediction changes. */
export function useSelection(
  prediction: Prediction,
): [Selection, (action: SelectionAction) => void] {
  const reduce = useCallback(
    (state: Selection, action: SelectionAction) => reduceSelection(prediction, state, action),
    [prediction],
  );
  return useReducer(reduce, prediction, initialSelection);
}
