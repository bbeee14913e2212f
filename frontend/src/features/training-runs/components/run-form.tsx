import { Button, Checkbox, Select, TextInput } from "@mantine/core";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { type ReactNode, type SubmitEvent, useState } from "react";
import { messageOf } from "../../../shared/api/api-error";
import type { TrainingEstimate } from "../../../shared/api/types";
import { Notice } from "../../../shared/components/notice";
import { formatCount } from "../../../shared/lib/format";
import { conceptSetHint, datasetLabel, modelLabel } from "../lib/choice-words";
import type { Choices, FormProblems, Resolved, RunForm } from "../lib/run-form";
import { ImageCounts } from "./image-counts";
import { ModeChoice } from "./mode-choice";
import { MoreSettings } from "./more-settings";
import classes from "./run-form.module.css";

interface RunFormProps extends Choices {
  form: RunForm;
  resolved: Resolved;
  problems: FormProblems;
  estimate: TrainingEstimate | undefined;
  /** The choice of a revision, of the concept set that is chosen. */
  revisionField: ReactNode;
  /** Why it cannot be started now; null: it can. */
  blocked: string | null;
  pending: boolean;
  error: Error | null;
  onChange: (changes: Partial<RunForm>) => void;
  onSubmit: () => void;
}

const NO_PARENT = "none";
const OWN_TEST = "own";

/** Everything a training run needs. What follows from the parent is filled in and can be changed. */
export function RunFormFields(props: RunFormProps) {
  const { form, resolved, problems, estimate, blocked, onChange } = props;
  const [more, setMore] = useState(false);
  const { parent, dataset, mode } = resolved;
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (blocked === null) {
      props.onSubmit();
    }
  };
  return (
    <form className={classes.form} onSubmit={submit} noValidate aria-label="New training run">
      <StartingPoint {...props} />
      <ModeChoice
        mode={mode}
        hasParent={parent !== null}
        onChoose={(chosen) => onChange({ mode: chosen })}
      />
      {dataset?.kind === "procedural" ? (
        <ImageCounts
          form={form}
          estimated={estimate?.images ?? null}
          problem={problems.images}
          onChange={onChange}
        />
      ) : (
        <TestDataset {...props} />
      )}
      <IncludeLabels {...props} />
      <div className={classes.pair}>
        <TextInput
          label="Name of the new version"
          description="Left empty, it is made from the parent or the data."
          value={form.name}
          error={problems.name}
          spellCheck={false}
          onChange={(event) => onChange({ name: event.currentTarget.value })}
        />
      </div>
      <Button
        className={classes.more}
        variant="subtle"
        color="gray"
        aria-expanded={more}
        aria-controls="training-more-settings"
        leftSection={more ? <IconChevronDown size={14} /> : <IconChevronRight size={14} />}
        onClick={() => setMore(!more)}
      >
        More settings
      </Button>
      {more && (
        <MoreSettings
          form={form}
          mode={mode}
          hasParent={parent !== null}
          problems={problems}
          onChange={onChange}
        />
      )}
      {props.error && (
        <Notice tone="error" title="The training was not started" live>
          {messageOf(props.error)}
        </Notice>
      )}
      <div className={classes.actions}>
        <Button
          type="submit"
          size="sm"
          loading={props.pending}
          disabled={blocked !== null}
          aria-describedby="training-blocked"
        >
          Start the training
        </Button>
        <span id="training-blocked" className={classes.blocked}>
          {blocked}
        </span>
      </div>
    </form>
  );
}

const NO_IMAGES = { train: "", validation: "", test: "" } as const;

/** From which model, data and concepts. */
function StartingPoint({ form, resolved, problems, onChange, ...props }: RunFormProps) {
  const { parent, dataset, conceptSet } = resolved;
  return (
    <div className={classes.pair}>
      <Select
        label="Parent model"
        description="What the edit leaves alone keeps its weights."
        data={[
          { value: NO_PARENT, label: "None: from the encoder’s own weights" },
          ...props.models.map((model) => ({ value: model.id, label: modelLabel(model) })),
        ]}
        value={parent?.id ?? (problems.parent ? null : NO_PARENT)}
        error={problems.parent}
        searchable
        allowDeselect={false}
        onChange={(value) => onChange({ parent: value === NO_PARENT ? null : value })}
      />
      <Select
        label="Data set"
        description="Imported and ready, or procedural."
        placeholder="Choose"
        data={props.datasets.map((entry) => ({ value: entry.id, label: datasetLabel(entry) }))}
        value={dataset?.id ?? null}
        error={form.dataset !== null && problems.dataset}
        searchable
        allowDeselect={false}
        onChange={(value) => onChange({ dataset: value, testDataset: null, images: NO_IMAGES })}
      />
      <div>
        <Select
          label="Concept set"
          description="Classes, groups and options."
          placeholder="Choose"
          data={props.conceptSets.map(({ id, title, name }) => ({
            value: id,
            label: `${title} (${name})`,
          }))}
          value={conceptSet?.id ?? null}
          error={form.conceptSet !== null && problems.conceptSet}
          searchable
          allowDeselect={false}
          onChange={(value) => onChange({ conceptSet: value, revision: null })}
        />
        {conceptSet && <p className={classes.hint}>{conceptSetHint(conceptSet)}</p>}
      </div>
      {props.revisionField}
    </div>
  );
}

function TestDataset({ form, resolved, datasets, onChange }: RunFormProps) {
  const others = datasets.filter(
    ({ id, kind }) => kind === "imported" && id !== resolved.dataset?.id,
  );
  if (!resolved.dataset) {
    return null;
  }
  return (
    <div className={classes.pair}>
      <Select
        label="Test data set"
        description="Another import with the same classes, as an outside test."
        data={[
          { value: OWN_TEST, label: "The data set’s own test split" },
          ...others.map((entry) => ({ value: entry.id, label: datasetLabel(entry) })),
        ]}
        value={form.testDataset ?? OWN_TEST}
        allowDeselect={false}
        onChange={(value) => onChange({ testDataset: value === OWN_TEST ? null : value })}
      />
    </div>
  );
}

function IncludeLabels({ form, estimate, onChange }: RunFormProps) {
  const cases = estimate?.labelled_cases;
  const none = cases === 0;
  const words =
    cases === undefined
      ? "How many there are is said with the estimate."
      : none
        ? "No reviewed case has labels with these concepts yet."
        : `${formatCount(cases)} reviewed ${cases === 1 ? "case" : "cases"} with these concepts would join the training images.`;
  return (
    <Checkbox
      size="xs"
      label="Include corrected labels of reviewed cases"
      description={words}
      checked={form.includeLabels}
      disabled={none && !form.includeLabels}
      onChange={(event) => onChange({ includeLabels: event.currentTarget.checked })}
    />
  );
}
