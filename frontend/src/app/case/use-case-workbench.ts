import { useCallback, useEffect, useMemo, useState } from "react";
import { useIntervention } from "../../features/interventions/api/get-intervention";
import { useModelHead } from "../../features/interventions/api/get-model-head";
import { makeBench } from "../../features/interventions/lib/bench";
import { decodeEdits } from "../../features/interventions/lib/encode";
import { Workbench } from "../../features/interventions/lib/workbench";
import type { Intervention, Prediction } from "../../shared/api/types";
import type { CaseLink } from "./case-link";

interface CaseWorkbench {
  /** Null until the model's head is there. */
  workbench: Workbench | null;
  head: ReturnType<typeof useModelHead>;
  /** Of the link's edits, those that mean nothing here; null: all is well. */
  problem: string | null;
  /** Opens a stored intervention, also one of another prediction. */
  open: (intervention: Intervention) => void;
}

/**
 * The edits of the prediction that is shown. Each prediction has its own, which stay as long as the case's page, so
 * that neither a tab nor another prediction loses them.
 */
export function useCaseWorkbench(
  prediction: Prediction | null,
  /** All of the case; undefined until they are there. */
  predictions: readonly Prediction[] | undefined,
  link: CaseLink,
  onChoose: (predictionId: string) => void,
): CaseWorkbench {
  const head = useModelHead(prediction?.model_version_id ?? null);
  const [workbenches] = useState(() => new Map<string, Workbench>());
  const [ignored, setIgnored] = useState(0);
  const linked = useIntervention(link.interventionId);
  /** To be opened as soon as its prediction is the one that is shown. */
  const [opening, setOpening] = useState<Intervention | null>(null);

  const workbench = useMemo(() => {
    const known = prediction && workbenches.get(prediction.id);
    const bench = prediction && head.data ? makeBench(prediction, head.data) : null;
    if (known || !bench) {
      return known ?? null;
    }
    const isLinked = link.predictionId === null || link.predictionId === bench.predictionId;
    const found = link.edits && isLinked ? decodeEdits(bench, link.edits) : null;
    const made = new Workbench(bench, found?.edits);
    workbenches.set(bench.predictionId, made);
    return made;
  }, [prediction, head.data, link, workbenches]);

  useEffect(() => {
    if (workbench && link.edits && workbench.bench.predictionId === link.predictionId) {
      setIgnored(decodeEdits(workbench.bench, link.edits).ignored);
    }
  }, [workbench, link]);

  const open = useCallback(
    (intervention: Intervention) => {
      setOpening(intervention);
      onChoose(intervention.prediction_id);
    },
    [onChoose],
  );
  useEffect(() => {
    if (linked.data) {
      open(linked.data);
    }
  }, [linked.data, open]);
  useEffect(() => {
    if (workbench && opening?.prediction_id === workbench.bench.predictionId) {
      workbench.open(opening);
      setOpening(null);
    }
  }, [workbench, opening]);

  const gone =
    link.predictionId !== null &&
    predictions !== undefined &&
    !predictions.some(({ id }) => id === link.predictionId);
  const problem = gone
    ? "The prediction of this link is not there. What is shown is the newest one, without edits."
    : problemOf(ignored, linked.isError);
  return { workbench, head, problem, open };
}

function problemOf(ignored: number, notFound: boolean): string | null {
  if (notFound) {
    return "The intervention of this link could not be read: it is not there, or not for you.";
  }
  return ignored > 0
    ? `${ignored === 1 ? "One edit" : `${ignored} edits`} of this link could not be understood and ${ignored === 1 ? "was" : "were"} left out.`
    : null;
}
