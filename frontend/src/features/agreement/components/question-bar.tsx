import { SegmentedControl, Select } from "@mantine/core";
import type { Agreement } from "../../../shared/api/types";
import { DownloadLinks } from "../../../shared/components/download-links";
import bar from "../../../shared/components/filter-bar.module.css";
import { formatCount } from "../../../shared/lib/format";
import { exportAddress, type Question } from "../lib/question";
import type { Subject } from "../lib/subjects";
import classes from "./question-bar.module.css";

interface QuestionBarProps {
  agreement: Agreement;
  question: Question;
  subjects: readonly Subject[];
  /** Whether one may see everybody's labels. */
  mayChooseWhose: boolean;
  onChange: (question: Question) => void;
}

/** Which model, whose labels, which group; and the labels as files. */
export function QuestionBar(props: QuestionBarProps) {
  const { agreement, question, subjects, mayChooseWhose, onChange } = props;
  const { model } = agreement;
  return (
    <div className={bar.bar} role="group" aria-label="What is compared">
      <Select
        className={classes.model}
        label="Model"
        allowDeselect={false}
        data={modelChoices(agreement)}
        placeholder="None with labels"
        value={model?.id ?? null}
        onChange={(id) => onChange({ ...question, model: id, group: null })}
      />
      {mayChooseWhose && (
        <SegmentedControl
          size="xs"
          aria-label="Whose labels"
          data={[
            { value: "all", label: "Everybody's labels" },
            { value: "mine", label: "My labels" },
          ]}
          value={question.mine ? "mine" : "all"}
          onChange={(value) => onChange({ ...question, mine: value === "mine" })}
        />
      )}
      <Select
        className={classes.group}
        label="Group"
        placeholder="All"
        clearable
        clearButtonProps={{ "aria-label": "All groups" }}
        data={subjects.map(({ key, name }) => ({ value: key, label: name }))}
        value={question.group}
        onChange={(group) => onChange({ ...question, group })}
      />
      {model && (
        <div className={bar.end}>
          <DownloadLinks
            what="Labels"
            files={[
              { format: "CSV", address: exportAddress(model.id, "csv") },
              { format: "JSON", address: exportAddress(model.id, "json") },
            ]}
          />
        </div>
      )}
    </div>
  );
}

/** With their labels, and with the beginning of the id where several have one name. */
function modelChoices({ model, models }: Agreement) {
  // The address may name one without labels.
  const isListed = model === null || models.some(({ id }) => id === model.id);
  const all = isListed ? models : [...models, { ...model, labels: 0 }];
  return all.map(({ id, name, labels }) => {
    const isAlone = all.filter((other) => other.name === name).length === 1;
    const words = `${formatCount(labels)} ${labels === 1 ? "label" : "labels"}`;
    return { value: id, label: `${isAlone ? name : `${name} ${id.slice(0, 6)}`}, ${words}` };
  });
}
