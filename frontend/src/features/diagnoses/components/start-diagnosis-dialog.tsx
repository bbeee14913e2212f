import { Button, Group, NativeSelect } from "@mantine/core";
import { useState } from "react";
import { messageOf } from "../../../shared/api/api-error";
import type { DiagnosedSplit } from "../../../shared/api/types";
import { Dialog } from "../../../shared/components/dialog";
import { Notice } from "../../../shared/components/notice";
import { useCreateDiagnosis } from "../api/create-diagnosis";

interface StartDiagnosisDialogProps {
  opened: boolean;
  onClose: () => void;
  model: { id: string; name: string; dataset: string };
  /** Data sets that are ready. */
  datasets: readonly { id: string; title: string }[];
}

const SPLITS: { value: DiagnosedSplit; label: string }[] = [
  { value: "validation", label: "Validation" },
  { value: "test", label: "Test" },
  { value: "train", label: "Training" },
];

/** Which images a model is diagnosed over. */
export function StartDiagnosisDialog(props: StartDiagnosisDialogProps) {
  const { opened, onClose, model } = props;
  return (
    <Dialog opened={opened} onClose={onClose} title={`Diagnose ${model.name}`} width={460}>
      {opened && <Fields key={model.id} {...props} />}
    </Dialog>
  );
}

function Fields({ onClose, model, datasets }: StartDiagnosisDialogProps) {
  const own = datasets.find(({ id }) => id === model.dataset);
  const [datasetId, setDatasetId] = useState(own?.id ?? datasets[0]?.id ?? "");
  const [split, setSplit] = useState<DiagnosedSplit>("validation");
  const create = useCreateDiagnosis();
  return (
    <form
      style={{ display: "grid", gap: 10 }}
      onSubmit={(event) => {
        event.preventDefault();
        create.mutate(
          { model_version_id: model.id, dataset_id: datasetId, split },
          { onSuccess: onClose },
        );
      }}
    >
      <p style={{ margin: 0 }}>
        The model looks at every image of the split once. It finds options that are dormant,
        redundant or that no image localizes, and collects the evidence beside each option. It runs
        in the background; you may leave the page.
      </p>
      <NativeSelect
        size="xs"
        label="Data set"
        data-autofocus
        data={datasets.map(({ id, title }) => ({ value: id, label: title }))}
        value={datasetId}
        onChange={(event) => setDatasetId(event.currentTarget.value)}
      />
      <NativeSelect
        size="xs"
        label="Split"
        description="Look for faults on the validation images, and keep the test images for the last word."
        data={SPLITS}
        value={split}
        onChange={(event) => setSplit(event.currentTarget.value as DiagnosedSplit)}
      />
      {datasets.length === 0 && (
        <Notice tone="warning" title="No data set is ready">
          Import one first.
        </Notice>
      )}
      {create.isError && (
        <Notice tone="error" title="It was not started" live>
          {messageOf(create.error)}
        </Notice>
      )}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" loading={create.isPending} disabled={datasetId === ""}>
          Start
        </Button>
      </Group>
    </form>
  );
}
