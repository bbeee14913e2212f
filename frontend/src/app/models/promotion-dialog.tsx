import { Link } from "react-router";
import { useComparison } from "../../features/comparisons/api/get-comparison";
import { VerdictSummary } from "../../features/comparisons/components/verdict-summary";
import { PromoteDialog } from "../../features/models/components/promote-dialog";
import { compareAddress } from "../../features/models/lib/versions";
import { useMay } from "../../shared/account/account-context";
import type { Activation, ModelVersion } from "../../shared/api/types";
import { Busy } from "../../shared/components/busy";
import { Notice } from "../../shared/components/notice";

interface PromotionDialogProps {
  model: ModelVersion;
  models: readonly ModelVersion[];
  onClose: () => void;
  onDone: (activation: Activation) => void;
}

/** Promotes a version, with what is known of it against the one in use. */
export function PromotionDialog({ model, models, onClose, onDone }: PromotionDialogProps) {
  const active = models.find(
    (other) => other.active && other.dataset === model.dataset && other.id !== model.id,
  );
  return (
    <PromoteDialog
      model={model}
      active={active?.name ?? null}
      evidence={active && <Evidence model={model} active={active} onLeave={onClose} />}
      onClose={onClose}
      onDone={onDone}
    />
  );
}

interface EvidenceProps {
  model: ModelVersion;
  active: ModelVersion;
  onLeave: () => void;
}

/** The newest comparison on the test split; without one, the way to it. */
function Evidence({ model, active, onLeave }: EvidenceProps) {
  const may = useMay("datasets:read");
  const question = { a: active.id, b: model.id, dataset: null, split: "test" } as const;
  const comparison = useComparison(may ? question : null);
  if (may && comparison.isPending) {
    return <Busy>Looking for a comparison</Busy>;
  }
  const result = comparison.data?.result;
  if (result) {
    return <VerdictSummary comparison={result.comparison} />;
  }
  const address = compareAddress({ a: active.id, b: model.id, dataset: model.dataset });
  return (
    <Notice
      tone="warning"
      title={`Not compared with ${active.name} on test images`}
      actions={
        may && (
          <Link to={address} onClick={onLeave}>
            Compare the two first
          </Link>
        )
      }
    >
      Whether {model.name} is better or worse is not known here. It can be promoted all the same.
    </Notice>
  );
}
