import { useDocumentTitle } from "@mantine/hooks";
import { useState } from "react";
import { useLocation } from "react-router";
import { ExplainWith } from "../../features/models/components/explain-with";
import { fitsNoModel, usePredictionRun } from "../../features/predictions/api/create-prediction";
import { usePredictions } from "../../features/predictions/api/list-predictions";
import { useKeptValues } from "../../features/viewer/hooks/use-kept-values";
import type { Case } from "../../shared/api/types";
import { CaseGate } from "./case-gate";
import { parseCaseLink } from "./case-link";
import classes from "./case-page.module.css";
import { CaseReview } from "./case-review";
import { CaseTopBar } from "./case-top-bar";
import { CaseWorkspace } from "./case-workspace";
import { NextWaiting } from "./next-waiting";
import { useExplainWith } from "./use-explain-with";

export function CasePage() {
  /** The case whose pixels were looked at on this page. */
  const [reviewed, setReviewed] = useState<string | null>(null);
  return (
    <CaseGate>
      {(entry) =>
        entry.review === "waiting" ? (
          <CaseReview key={entry.id} entry={entry} onReviewed={() => setReviewed(entry.id)} />
        ) : (
          <LoadedCase key={entry.id} entry={entry} justReviewed={reviewed === entry.id} />
        )
      }
    </CaseGate>
  );
}

interface LoadedCaseProps {
  entry: Case;
  /** The next one that waits is offered. */
  justReviewed: boolean;
}

function LoadedCase({ entry, justReviewed }: LoadedCaseProps) {
  useDocumentTitle(`${entry.pseudonym} · Vitrine`);
  const predictions = usePredictions(entry.id);
  const run = usePredictionRun(entry.id);
  const explain = useExplainWith(entry);
  const { search } = useLocation();
  const [link] = useState(() => parseCaseLink(search));
  /** Null: the newest. */
  const [chosenId, setChosenId] = useState(link.predictionId);
  const all = predictions.data ?? [];
  const prediction = all.find(({ id }) => id === chosenId) ?? all[0] ?? null;
  const caseValues = useKeptValues(entry, link.rendering, prediction?.rendering ?? null);
  const seen = () => caseValues.values?.view.forPrediction() ?? null;
  const modelChoice = (compact: boolean) => (
    <ExplainWith
      current={prediction?.model.id ?? null}
      disabled={run?.status === "pending"}
      compact={compact}
      always={fitsNoModel(run)}
      onChoose={(model) => {
        setChosenId(null);
        explain(model, seen());
      }}
    />
  );

  return (
    <div className={classes.page}>
      <CaseTopBar entry={entry} prediction={prediction} modelChoice={modelChoice(true)}>
        {justReviewed && <NextWaiting entry={entry} />}
      </CaseTopBar>
      <CaseWorkspace
        entry={entry}
        link={link}
        prediction={prediction}
        predictions={predictions}
        run={run}
        caseValues={caseValues}
        onRequest={() => {
          setChosenId(null);
          explain(null, seen());
        }}
        modelChoice={modelChoice(false)}
        onChoose={setChosenId}
      />
    </div>
  );
}
