import { useCallback, useMemo, useState } from "react";
import type { Prediction } from "../../../shared/api/types";
import {
  EMPTY_SELECTION,
  initialSelection,
  reduceSelection,
  type Selection,
  type SelectionAction,
} from "../lib/selection";

interface Stored {
  predictionId: string;
  selection: Selection;
}

/** What is shown of a prediction. Begins anew when another prediction is given; empty without one. */
export function useSelection(
  prediction: Prediction | null,
): [Selection, (action: SelectionAction) => void] {
  const [stored, setStored] = useState<Stored | null>(null);
  const selection = useMemo(() => {
    if (!prediction) {
      return EMPTY_SELECTION;
    }
    return stored?.predictionId === prediction.id ? stored.selection : initialSelection(prediction);
  }, [prediction, stored]);

  const act = useCallback(
    (action: SelectionAction) => {
      if (!prediction) {
        return;
      }
      setStored((before) => {
        const from =
          before?.predictionId === prediction.id ? before.selection : initialSelection(prediction);
        return {
          predictionId: prediction.id,
          selection: reduceSelection(prediction, from, action),
        };
      });
    },
    [prediction],
  );
  return [selection, act];
}
