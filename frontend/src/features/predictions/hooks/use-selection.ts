import { useCallback, useMemo, useState } from "react";
import type { Prediction } from "../../../shared/api/types";
import {
  EMPTY_SELECTION,
  initialSelection,
  type LinkedSelection,
  linkedSelection,
  reduceSelection,
  type Selection,
  type SelectionAction,
} from "../lib/selection";

interface Stored {
  predictionId: string;
  selection: Selection;
}

/** Where to begin with one prediction. */
export interface SelectionLink extends LinkedSelection {
  predictionId: string | null;
}

/** What is shown of a prediction. Begins anew when another prediction is given; empty without one. */
export function useSelection(
  prediction: Prediction | null,
  link: SelectionLink | null = null,
): [Selection, (action: SelectionAction) => void] {
  const [stored, setStored] = useState<Stored | null>(null);
  const selection = useMemo(() => {
    if (!prediction) {
      return EMPTY_SELECTION;
    }
    return stored?.predictionId === prediction.id ? stored.selection : begin(prediction, link);
  }, [prediction, stored, link]);

  const act = useCallback(
    (action: SelectionAction) => {
      if (!prediction) {
        return;
      }
      setStored((before) => {
        const from =
          before?.predictionId === prediction.id ? before.selection : begin(prediction, link);
        return {
          predictionId: prediction.id,
          selection: reduceSelection(prediction, from, action),
        };
      });
    },
    [prediction, link],
  );
  return [selection, act];
}

function begin(prediction: Prediction, link: SelectionLink | null): Selection {
  return link && link.predictionId === prediction.id
    ? linkedSelection(prediction, link)
    : initialSelection(prediction);
}
