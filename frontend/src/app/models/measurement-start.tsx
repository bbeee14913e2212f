import { Button } from "@mantine/core";
import { useState } from "react";
import { useCreateMeasurement } from "../../features/evidence/api/create-measurement";
import { useMay } from "../../shared/account/account-context";
import { messageOf } from "../../shared/api/api-error";
import type { MeasuredSplit, ModelVersion } from "../../shared/api/types";
import { Notice } from "../../shared/components/notice";
import { SPLITS } from "./comparison-choice";
import { ImagesFields, useUsableDatasets } from "./images-fields";
import classes from "./measurement-start.module.css";

interface MeasurementStartProps {
  model: ModelVersion;
  /** There is nothing to be shown yet. */
  first: boolean;
}

/** Has a model's explanations measured; nothing but words for those who may not. */
export function MeasurementStart(props: MeasurementStartProps) {
  return useMay("training:write") ? (
    <Fields {...props} />
  ) : (
    <p className={classes.words}>
      Your role does not start a measurement; ask a researcher or an administrator.
    </p>
  );
}

function Fields({ model, first }: MeasurementStartProps) {
  const datasets = useUsableDatasets(model);
  const create = useCreateMeasurement(model.id);
  const [wanted, setWanted] = useState<string | null>(null);
  const [split, setSplit] = useState<MeasuredSplit>("test");
  const dataset = wanted ?? datasets.first?.id ?? null;
  const learnt = learntFrom(model, datasets.usable.find(({ id }) => id === dataset)?.name, split);
  return (
    <>
      <div className={classes.fields} role="group" aria-label="Images to measure on">
        <ImagesFields
          datasets={datasets}
          dataset={dataset}
          onDataset={setWanted}
          splits={SPLITS}
          split={split}
          onSplit={setSplit}
        />
        <Button
          variant={first ? "filled" : "default"}
          disabled={dataset === null}
          loading={create.isPending}
          onClick={() => dataset !== null && create.mutate({ dataset_id: dataset, split })}
        >
          {first ? "Measure" : "Measure again"}
        </Button>
      </div>
      {learnt && (
        <Notice tone="warning" title="The model has learnt from some of these images">
          Its figures will look better than they are. Choose the test images, or a data set that it
          has learnt nothing from.
        </Notice>
      )}
      {create.isError && (
        <Notice tone="error" title="The measurement was not started" live>
          {messageOf(create.error)}
        </Notice>
      )}
    </>
  );
}

/** Whether some of the images were looked at while the model was trained. */
function learntFrom(model: ModelVersion, dataset: string | undefined, split: MeasuredSplit) {
  return dataset === model.dataset && split !== "test";
}
