import { Button } from "@mantine/core";
import { useMay } from "../../../shared/account/account-context";
import { messageOf } from "../../../shared/api/api-error";
import type { Diagnosis } from "../../../shared/api/types";
import { useCancelDiagnosis } from "../api/cancel-diagnosis";
import { progressOf } from "../lib/words";
import classes from "./diagnosis-progress.module.css";

/** How far a diagnosis is that waits or runs, and a way to end it. */
export function DiagnosisProgress({ diagnosis }: { diagnosis: Diagnosis }) {
  const { words, share } = progressOf(diagnosis);
  const may = useMay("training:write");
  const cancel = useCancelDiagnosis(diagnosis.id);
  return (
    <div className={classes.progress}>
      <span>{words}</span>
      <div
        className={classes.track}
        role="progressbar"
        aria-label={`Diagnosis of ${diagnosis.model_name}`}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={share === null ? undefined : Math.floor(100 * share)}
        aria-valuetext={words}
      >
        <div
          className={classes.fill}
          data-unknown={share === null}
          style={{ width: share === null ? undefined : `${100 * share}%` }}
        />
      </div>
      {may && (
        <Button
          variant="default"
          size="compact-xs"
          aria-label="Cancel the diagnosis"
          loading={cancel.isPending}
          onClick={() => cancel.mutate()}
        >
          Cancel
        </Button>
      )}
      {cancel.isError && <span role="alert">{messageOf(cancel.error)}</span>}
    </div>
  );
}
