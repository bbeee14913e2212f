import { useDocumentTitle } from "@mantine/hooks";
import { useState } from "react";
import { useLocation, useParams } from "react-router";
import { useCase } from "../../features/cases/api/get-case";
import { ExplainWith } from "../../features/models/components/explain-with";
import { usePredictionRun } from "../../features/predictions/api/create-prediction";
import { usePredictions } from "../../features/predictions/api/list-predictions";
import { ApiError } from "../../shared/api/api-error";
import type { Case } from "../../shared/api/types";
import { Busy } from "../../shared/components/busy";
import { QueryError } from "../../shared/components/query-error";
import { NotFoundPage } from "../shell/not-found-page";
import { parseCaseLink } from "./case-link";
import classes from "./case-page.module.css";
import { CaseTopBar } from "./case-top-bar";
import { CaseWorkspace } from "./case-workspace";
import { useExplainWith } from "./use-explain-with";

export function CasePage() {
  const { caseId = "" } = useParams();
  const entry = useCase(caseId);
  if (entry.isPending) {
    return <Busy>Loading the case</Busy>;
  }
  if (entry.isError) {
    return entry.error instanceof ApiError && [404, 422].includes(entry.error.status) ? (
      <NotFoundPage />
    ) : (
      <div className={classes.notice}>
        <QueryError
          title="The case could not be read"
          error={entry.error}
          onRetry={() => void entry.refetch()}
        />
      </div>
    );
  }
  return <LoadedCase key={caseId} entry={entry.data} />;
}

function LoadedCase({ entry }: { entry: Case }) {
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
  const modelChoice = (compact: boolean) => (
    <ExplainWith
      current={prediction?.model.id ?? null}
      disabled={run?.status === "pending"}
      compact={compact}
      onChoose={(model) => {
        setChosenId(null);
        explain(model);
      }}
    />
  );

  return (
    <div className={classes.page}>
      <CaseTopBar entry={entry} prediction={prediction} modelChoice={modelChoice(true)} />
      <CaseWorkspace
        entry={entry}
        link={link}
        prediction={prediction}
        predictions={predictions}
        run={run}
        onRequest={() => {
          setChosenId(null);
          explain(null);
        }}
        modelChoice={modelChoice(false)}
        onChoose={setChosenId}
      />
    </div>
  );
}
