import { Button, Select } from "@mantine/core";
import { IconArrowsExchange } from "@tabler/icons-react";
import { headings } from "../../features/datasets/lib/status";
import type { Dataset, ModelVersion } from "../../shared/api/types";
import bar from "../../shared/components/filter-bar.module.css";
import classes from "./comparison-bar.module.css";
import { type Choice, SPLITS } from "./comparison-choice";

interface ComparisonBarProps {
  models: readonly ModelVersion[];
  /** That the two can be compared on. */
  datasets: readonly Dataset[];
  choice: Choice;
  onChange: (choice: Choice) => void;
}

/** Which two versions, on which images. */
export function ComparisonBar({ models, datasets, choice, onChange }: ComparisonBarProps) {
  const versions = versionChoices(models);
  return (
    <div className={`${bar.bar} ${classes.bar}`} role="group" aria-label="What is compared">
      <Select
        className={classes.model}
        label="A (what B is held to)"
        allowDeselect={false}
        data={versions}
        value={choice.a}
        onChange={(a) => onChange({ ...choice, a })}
      />
      <Button
        variant="default"
        aria-label="Swap A and B"
        title="Swap A and B"
        onClick={() => onChange({ ...choice, a: choice.b, b: choice.a })}
      >
        <IconArrowsExchange size={15} aria-hidden />
      </Button>
      <Select
        className={classes.model}
        label="B"
        allowDeselect={false}
        data={versions}
        value={choice.b}
        onChange={(b) => onChange({ ...choice, b })}
      />
      <Select
        className={classes.dataset}
        label="Data set"
        placeholder="None that is ready"
        allowDeselect={false}
        data={datasets.map((dataset) => ({ value: dataset.id, label: headings(dataset).main }))}
        value={choice.dataset}
        onChange={(dataset) => onChange({ ...choice, dataset })}
      />
      <Select
        className={classes.split}
        label="Split"
        allowDeselect={false}
        data={[...SPLITS]}
        value={choice.split}
        onChange={(split) => onChange({ ...choice, split: split ?? "test" })}
      />
    </div>
  );
}

/** With the beginning of the id where several have one name. */
function versionChoices(models: readonly ModelVersion[]) {
  return models.map(({ id, name, active }) => {
    const alone = models.filter((other) => other.name === name).length === 1;
    const words = alone ? name : `${name} ${id.slice(0, 6)}`;
    return { value: id, label: active ? `${words} (active)` : words };
  });
}
