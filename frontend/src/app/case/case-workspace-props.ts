/** What viewer and panel of a case have in common. */

import type { ReactNode } from "react";
import type { PredictionRun } from "../../features/predictions/api/create-prediction";
import type { usePredictions } from "../../features/predictions/api/list-predictions";
import type { CaseValues } from "../../features/viewer/hooks/use-kept-values";
import type { Case, Prediction } from "../../shared/api/types";
import type { CaseLink } from "./case-link";

export interface CaseWorkspaceProps {
  entry: Case;
  /** Where to begin. */
  link: CaseLink;
  /** The one that is shown; null when there is none (yet). */
  prediction: Prediction | null;
  predictions: ReturnType<typeof usePredictions>;
  run: PredictionRun | null;
  /** Stored values of the case, and which of them are seen how. */
  caseValues: CaseValues;
  /** Asks for a prediction of what is seen. */
  onRequest: () => void;
  /** The way to choose another model; nothing where there is one only. */
  modelChoice: ReactNode;
  onChoose: (predictionId: string) => void;
}
