/** What viewer and panel of a case have in common. */

import type { ReactNode } from "react";
import type { PredictionRun } from "../../features/predictions/api/create-prediction";
import type { usePredictions } from "../../features/predictions/api/list-predictions";
import type { Case, Prediction } from "../../shared/api/types";

export type PanelTab = "concepts" | "codebook" | "case";

export interface CaseWorkspaceProps {
  entry: Case;
  /** The one that is shown; null when there is none (yet). */
  prediction: Prediction | null;
  predictions: ReturnType<typeof usePredictions>;
  run: PredictionRun | null;
  onRequest: () => void;
  /** The way to choose another model; nothing where there is one only. */
  modelChoice: ReactNode;
  onChoose: (predictionId: string) => void;
}
