import { useCancelMeasurement } from "../../features/evidence/api/cancel-measurement";
import type { useMeasurements } from "../../features/evidence/api/list-measurements";
import { useMay } from "../../shared/account/account-context";
import type { EvidenceMeasurement } from "../../shared/api/types";
import { Notice } from "../../shared/components/notice";
import { QueryError } from "../../shared/components/query-error";
import { isUnended } from "../../shared/lib/job-status";
import { RunningJob } from "./running-job";

interface MeasurementProgressProps {
  measurements: ReturnType<typeof useMeasurements>;
}

/** A measurement that waits or runs, or how the newest one ended where it ended badly; nothing otherwise. */
export function MeasurementProgress({ measurements }: MeasurementProgressProps) {
  if (measurements.isError) {
    return (
      <QueryError
        title="The measurements could not be read"
        error={measurements.error}
        onRetry={() => void measurements.refetch()}
      />
    );
  }
  const newest = measurements.data?.[0];
  const running = measurements.data?.find(isUnended);
  if (running) {
    return <Running key={running.id} measurement={running} />;
  }
  switch (newest?.status) {
    case "failed":
      return (
        <Notice tone="error" title="The newest measurement failed">
          {newest.error}
        </Notice>
      );
    case "cancelled":
      return (
        <Notice tone="info" title="The newest measurement was cancelled">
          Start another one when it suits.
        </Notice>
      );
    default:
      return null;
  }
}

function Running({ measurement }: { measurement: EvidenceMeasurement }) {
  const may = useMay("training:write");
  const cancel = useCancelMeasurement(measurement);
  const { dataset_id, split } = measurement;
  return (
    <RunningJob
      label={`Measurement on ${dataset_id}, ${split}`}
      job={measurement}
      cancelWords={may ? "Cancel the measurement" : null}
      cancel={cancel}
    />
  );
}
