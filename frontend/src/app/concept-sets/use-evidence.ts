import { useSearchParams } from "react-router";
import { useOptionAgreement } from "../../features/agreement/api/get-option-agreement";
import { useRevision } from "../../features/concept-sets/api/get-revision";
import { useRevisions } from "../../features/concept-sets/api/list-revisions";
import { useDatasets } from "../../features/datasets/api/list-datasets";
import { useDiagnosis } from "../../features/diagnoses/api/get-diagnosis";
import { useDiagnoses } from "../../features/diagnoses/api/list-diagnoses";
import { gather } from "../../features/diagnoses/lib/evidence";
import { useMay } from "../../shared/account/account-context";
import type { ConceptSet } from "../../shared/api/types";
import { newestDone } from "../../shared/lib/job-status";

/** The model whose evidence is shown, its diagnoses, and what the newest one that is done says. */
export function useEvidence(set: ConceptSet) {
  const [query, setQuery] = useSearchParams();
  const mayRead = useMay("datasets:read");
  const seesLabels = useMay("cases:read");
  const models = [...set.models].sort((a, b) => Number(b.active) - Number(a.active));
  const model = models.find(({ id }) => id === query.get("model")) ?? models[0] ?? null;
  const asked = mayRead && model ? model.id : null;
  const diagnoses = useDiagnoses(asked);
  const done = newestDone(diagnoses.data ?? []);
  const detail = useDiagnosis(done?.id ?? null);
  const agreement = useOptionAgreement(seesLabels ? asked : null);
  return {
    mayRead,
    models,
    model,
    diagnoses,
    detail,
    evidence: gather(detail.data),
    people: agreement.data?.options ?? [],
    /** What the model itself reasons with; its words may be others than those of the draft. */
    own: useOwnRevision(set, model?.digest ?? null),
    choose: (modelId: string) =>
      setQuery(
        (before) => {
          before.set("model", modelId);
          return before;
        },
        { replace: true, preventScrollReset: true },
      ),
  };
}

export type EvidenceState = ReturnType<typeof useEvidence>;

function useOwnRevision(set: ConceptSet, digest: string | null) {
  const revisions = useRevisions(set.id);
  const found = revisions.data?.pages
    .flatMap(({ items }) => items)
    .find((revision) => revision.digest === digest);
  return useRevision(found?.id ?? null).data;
}

/** Data sets that a model can be diagnosed over. */
export function useReadyDatasets(): { id: string; title: string }[] {
  const datasets = useDatasets();
  return (datasets.data ?? [])
    .filter(({ status }) => status === "ready")
    .map(({ id, title }) => ({ id, title }));
}
