import { useDocumentTitle } from "@mantine/hooks";
import { useState } from "react";
import { useParams } from "react-router";
import { useCase } from "../../features/cases/api/get-case";
import {
  usePredictionRun,
  useRequestPrediction,
} from "../../features/predictions/api/create-prediction";
import { usePredictions } from "../../features/predictions/api/list-predictions";
import { ApiError } from "../../shared/api/api-error";
import type { Case } from "../../shared/api/types";
import { Busy } from "../../shared/components/busy";
import { QueryError } from "../../shared/components/query-error";
import { NotFoundPage } from "../shell/not-found-page";
import classes from "./case-page.module.css";
import { CaseTopBar } from "./case-top-bar";
import { CaseWorkspace } from "./case-workspace";

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
  const request = useRequestPrediction();
  /** Null: the newest. */
  const [chosenId, setChosenId] = useState<string | null>(null);
  const all = predictions.data ?? [];
  const prediction = all.find(({ id }) => id === chosenId) ?? all[0] ?? null;

  return (
    <div className={classes.page}>
      <CaseTopBar entry={entry} prediction={prediction} />
      <CaseWorkspace
        entry={entry}
        prediction={prediction}
        predictions={predictions}
        run={run}
        onRequest={() => {
          setChosenId(null);
          request(entry.id);
        }}
        onChoose={setChosenId}
      />
    </div>
  );
}
