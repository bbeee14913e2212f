import { Select } from "@mantine/core";
import type { ReactNode } from "react";
import { useSearchParams } from "react-router";
import { useCancelDiagnosis } from "../../features/diagnoses/api/cancel-diagnosis";
import { useDiagnosis } from "../../features/diagnoses/api/get-diagnosis";
import { useDiagnoses } from "../../features/diagnoses/api/list-diagnoses";
import { useMay } from "../../shared/account/account-context";
import type { Diagnosis, ModelVersion } from "../../shared/api/types";
import { Busy } from "../../shared/components/busy";
import { Notice } from "../../shared/components/notice";
import { QueryError } from "../../shared/components/query-error";
import { formatCount, formatDateTime } from "../../shared/lib/format";
import { isUnended, newestDone } from "../../shared/lib/job-status";
import { CodebookReport } from "./codebook-report";
import classes from "./codebook-report.module.css";
import { DiagnosisStart } from "./diagnosis-start";
import { RunningJob } from "./running-job";

/** The chosen diagnosis, else the newest; the one that runs; the way to one where there is none. */
export function CodebookDiagnosis({ model }: { model: ModelVersion }) {
  const diagnoses = useDiagnoses(model.id);
  if (diagnoses.isPending) {
    return <Busy>Looking for diagnoses</Busy>;
  }
  if (diagnoses.isError) {
    return (
      <QueryError
        title="The diagnoses could not be read"
        error={diagnoses.error}
        onRetry={() => void diagnoses.refetch()}
      />
    );
  }
  return <Listed model={model} diagnoses={diagnoses.data} />;
}

function Listed({ model, diagnoses }: { model: ModelVersion; diagnoses: readonly Diagnosis[] }) {
  const [address, setAddress] = useSearchParams();
  const done = diagnoses.filter(({ status }) => status === "succeeded");
  const newest = diagnoses[0];
  const chosen = done.find(({ id }) => id === address.get("diagnosis")) ?? newestDone(diagnoses);
  const running = diagnoses.find(isUnended);
  return (
    <>
      <div className={classes.choice} role="group" aria-label="Diagnosis">
        {chosen && (
          <Select
            className={classes.diagnosis}
            label="Diagnosis"
            allowDeselect={false}
            data={done.map((entry) => ({ value: entry.id, label: diagnosisWords(entry) }))}
            value={chosen.id}
            onChange={(id) => id && setAddress({ diagnosis: id }, { replace: true })}
          />
        )}
        {!running && <DiagnosisStart model={model} first={!chosen} />}
      </div>
      {running && <Running diagnosis={running} />}
      {newest && !running && newest.id !== chosen?.id && <Ended diagnosis={newest} />}
      {chosen && <Chosen diagnosisId={chosen.id} model={model} />}
    </>
  );
}

function diagnosisWords({ dataset_id, split, images, created_at }: Diagnosis): string {
  const extent = images === null ? "" : `, ${formatCount(images)} images`;
  return `${dataset_id}, ${split}${extent}, ${formatDateTime(created_at)}`;
}

function Running({ diagnosis }: { diagnosis: Diagnosis }) {
  const may = useMay("training:write");
  const cancel = useCancelDiagnosis(diagnosis.id);
  return (
    <RunningJob
      label={`Diagnosis of ${diagnosis.model_name} on ${diagnosis.dataset_id}`}
      job={diagnosis}
      cancelWords={may ? "Cancel the diagnosis" : null}
      cancel={cancel}
    />
  );
}

function Ended({ diagnosis }: { diagnosis: Diagnosis }): ReactNode {
  return diagnosis.status === "failed" ? (
    <Notice tone="error" title="The newest diagnosis failed">
      {diagnosis.error}
    </Notice>
  ) : (
    <Notice tone="info" title="The newest diagnosis was cancelled">
      Start another one when it suits.
    </Notice>
  );
}

function Chosen({ diagnosisId, model }: { diagnosisId: string; model: ModelVersion }) {
  const diagnosis = useDiagnosis(diagnosisId);
  if (diagnosis.isPending) {
    return <Busy>Loading the diagnosis</Busy>;
  }
  if (diagnosis.isError) {
    return (
      <QueryError
        title="The diagnosis could not be read"
        error={diagnosis.error}
        onRetry={() => void diagnosis.refetch()}
      />
    );
  }
  const { result } = diagnosis.data;
  return result ? (
    <CodebookReport key={diagnosisId} diagnosisId={diagnosisId} model={model} result={result} />
  ) : (
    <Notice tone="warning" title="This diagnosis has no result">
      Choose another one, or start one.
    </Notice>
  );
}
