import { Button } from "@mantine/core";
import { useState } from "react";
import { useCreateDiagnosis } from "../../features/diagnoses/api/create-diagnosis";
import { useMay } from "../../shared/account/account-context";
import { messageOf } from "../../shared/api/api-error";
import type { DiagnosedSplit, ModelVersion } from "../../shared/api/types";
import { Notice } from "../../shared/components/notice";
import classes from "./codebook-report.module.css";
import { ImagesFields, useUsableDatasets } from "./images-fields";

const SPLITS: { value: DiagnosedSplit; label: string }[] = [
  { value: "validation", label: "Validation images" },
  { value: "test", label: "Test images" },
  { value: "train", label: "Training images" },
];

interface DiagnosisStartProps {
  model: ModelVersion;
  /** There is none yet. */
  first: boolean;
}

/** Starts a diagnosis of a model on a data set. */
export function DiagnosisStart({ model, first }: DiagnosisStartProps) {
  const may = useMay("training:write");
  const datasets = useUsableDatasets(model);
  const create = useCreateDiagnosis();
  const [wanted, setWanted] = useState<string | null>(null);
  const [split, setSplit] = useState<DiagnosedSplit>("validation");
  const dataset = wanted ?? datasets.first?.id;
  return (
    <>
      {first && (
        <div className={classes.none}>
          <h2>No diagnosis yet</h2>
          <p>
            A diagnosis runs the model once over a split: how much each code is used, which concept
            groups it goes with, and the patches nearest to it. It takes seconds to minutes.
          </p>
          {!may && <p>Your role does not start one; ask a researcher or an administrator.</p>}
        </div>
      )}
      {may && (
        <>
          <ImagesFields
            datasets={datasets}
            dataset={dataset ?? null}
            onDataset={setWanted}
            splits={SPLITS}
            split={split}
            onSplit={setSplit}
          />
          <Button
            variant={first ? "filled" : "default"}
            disabled={!dataset}
            loading={create.isPending}
            onClick={() =>
              dataset && create.mutate({ model_version_id: model.id, dataset_id: dataset, split })
            }
          >
            {first ? "Diagnose" : "Diagnose again"}
          </Button>
        </>
      )}
      {create.isError && (
        <Notice tone="error" title="The diagnosis was not started" live>
          {messageOf(create.error)}
        </Notice>
      )}
    </>
  );
}
