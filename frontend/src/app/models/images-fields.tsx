import { Select } from "@mantine/core";
import { useDatasets } from "../../features/datasets/api/list-datasets";
import { headings } from "../../features/datasets/lib/status";
import type { Dataset, ModelVersion } from "../../shared/api/types";
import { comparableDatasets } from "./comparison-choice";
import classes from "./images-fields.module.css";

interface UsableDatasets {
  usable: readonly Dataset[];
  isPending: boolean;
  /** The one that the model is of, else any. */
  first: Dataset | undefined;
}

/** Data sets whose images a model can be measured on. */
export function useUsableDatasets(model: ModelVersion): UsableDatasets {
  const datasets = useDatasets();
  const usable = comparableDatasets(model, datasets.data ?? [], null);
  const first = usable.find(({ name }) => name === model.dataset) ?? usable[0];
  return { usable, isPending: datasets.isPending, first };
}

interface ImagesFieldsProps<Split extends string> {
  datasets: UsableDatasets;
  dataset: string | null;
  onDataset: (datasetId: string | null) => void;
  splits: readonly { value: Split; label: string }[];
  split: Split;
  onSplit: (split: Split) => void;
}

/** Which images: a data set and a split of it. */
export function ImagesFields<Split extends string>(props: ImagesFieldsProps<Split>) {
  const { datasets, dataset, onDataset, splits, split, onSplit } = props;
  return (
    <>
      <Select
        className={classes.dataset}
        label="Data set"
        placeholder={datasets.isPending ? "Loading" : "None that is ready"}
        allowDeselect={false}
        data={datasets.usable.map((entry) => ({ value: entry.id, label: headings(entry).main }))}
        value={dataset}
        onChange={onDataset}
      />
      <Select
        className={classes.split}
        label="Split"
        allowDeselect={false}
        data={splits}
        value={split}
        onChange={(value) => value && onSplit(value as Split)}
      />
    </>
  );
}
