import { type ReactNode, useState } from "react";
import { ActivationToast } from "../../features/models/components/activation-toast";
import type { Activation, ModelVersion } from "../../shared/api/types";
import { PromotionDialog } from "./promotion-dialog";

interface Promotion {
  /** Asks for the reason, then promotes. */
  promote: (model: ModelVersion) => void;
  /** Shows what has come into use, as after a rollback elsewhere on the page. */
  announce: (activation: Activation) => void;
  /** Dialog and message; to be put anywhere on the page. */
  parts: ReactNode;
}

/** Promoting a version from any page: the dialog, and afterwards the message with the way back. */
export function usePromotion(models: readonly ModelVersion[]): Promotion {
  const [candidate, setCandidate] = useState<ModelVersion | null>(null);
  const [activation, setActivation] = useState<Activation | null>(null);
  const parts = (
    <>
      {candidate && (
        <PromotionDialog
          model={candidate}
          models={models}
          onClose={() => setCandidate(null)}
          onDone={(done) => {
            setCandidate(null);
            setActivation(done);
          }}
        />
      )}
      <ActivationToast activation={activation} onChange={setActivation} />
    </>
  );
  return { promote: setCandidate, announce: setActivation, parts };
}
