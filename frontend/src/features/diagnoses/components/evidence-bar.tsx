import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconStethoscope } from "@tabler/icons-react";
import { useMay } from "../../../shared/account/account-context";
import { messageOf } from "../../../shared/api/api-error";
import type { Diagnosis } from "../../../shared/api/types";
import { formatDateTime } from "../../../shared/lib/format";
import { isUnended, newestDone } from "../../../shared/lib/job-status";
import type { useDiagnoses } from "../api/list-diagnoses";
import { imagesWords } from "../lib/words";
import { DiagnosisProgress } from "./diagnosis-progress";
import classes from "./evidence-bar.module.css";
import { StartDiagnosisDialog } from "./start-diagnosis-dialog";

interface EvidenceModel {
  id: string;
  name: string;
  dataset: string;
  active: boolean;
}

interface EvidenceBarProps {
  /** Those that use the set, the active ones first. */
  models: readonly EvidenceModel[];
  chosen: EvidenceModel;
  onChoose: (modelId: string) => void;
  diagnoses: ReturnType<typeof useDiagnoses>;
  datasets: readonly { id: string; title: string }[];
}

/** Which model the evidence is of, from which diagnosis, and the way to a newer one. */
export function EvidenceBar({ models, chosen, onChoose, diagnoses, datasets }: EvidenceBarProps) {
  const [opened, dialog] = useDisclosure(false);
  const may = useMay("training:write");
  const newest = diagnoses.data?.[0];
  const done = newestDone(diagnoses.data ?? []);
  return (
    <div className={classes.bar}>
      <label className={classes.label}>
        Evidence of
        <select
          className={classes.select}
          value={chosen.id}
          onChange={(event) => onChoose(event.currentTarget.value)}
        >
          {models.map(({ id, name, active }) => (
            <option key={id} value={id}>
              {name}
              {active ? " (active)" : ""}
            </option>
          ))}
        </select>
      </label>
      {diagnoses.isError ? (
        <span className={classes.failed} role="alert">
          The diagnoses could not be read. {messageOf(diagnoses.error)}
        </span>
      ) : (
        diagnoses.data && <State newest={newest} done={done} />
      )}
      {may && !(newest && isUnended(newest)) && (
        <Button
          variant="default"
          size="compact-xs"
          leftSection={<IconStethoscope size={14} aria-hidden />}
          onClick={dialog.open}
        >
          {done ? "Diagnose again …" : "Diagnose …"}
        </Button>
      )}
      <StartDiagnosisDialog
        opened={opened}
        onClose={dialog.close}
        model={chosen}
        datasets={datasets}
      />
    </div>
  );
}

function State({ newest, done }: { newest: Diagnosis | undefined; done: Diagnosis | undefined }) {
  return (
    <>
      {done ? (
        <span className={classes.dim}>
          Diagnosed {formatDateTime(done.finished_at ?? done.created_at)}: {imagesWords(done)}
        </span>
      ) : (
        !(newest && isUnended(newest)) && (
          <span className={classes.dim}>Not diagnosed yet, so there is no evidence.</span>
        )
      )}
      {newest && isUnended(newest) && <DiagnosisProgress diagnosis={newest} />}
      {newest?.status === "failed" && (
        <span className={classes.failed} role="status">
          The last diagnosis failed. {newest.error}
        </span>
      )}
      {newest?.status === "cancelled" && (
        <span className={classes.dim}>The last diagnosis was cancelled.</span>
      )}
    </>
  );
}
