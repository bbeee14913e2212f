import {
  Checkbox,
  MultiSelect,
  NativeSelect,
  NumberInput,
  Textarea,
  TextInput,
} from "@mantine/core";
import type { StudyTask } from "../../../shared/api/types";
import { fits, replaced } from "../lib/design";
import { problemAt } from "../lib/problems";
import type { StepProps } from "../lib/step-props";
import { classesOf } from "../lib/truth";
import { AnchorFields } from "./anchor-fields";
import { letter } from "./arms-step";
import { Field } from "./field";
import { QuestionFields } from "./question-fields";
import classes from "./steps.module.css";

export interface TaskFieldsProps extends StepProps {
  task: StudyTask;
  at: number;
}

interface PartProps extends TaskFieldsProps {
  change: (changes: Partial<StudyTask>) => void;
  /** What is wrong with a field of the task. */
  wrong: (field: string) => string | undefined;
  path: string;
}

export function TaskFields(props: TaskFieldsProps) {
  const { task, at, edit, problems } = props;
  const path = `tasks.${at}`;
  const part: PartProps = {
    ...props,
    path,
    change: (changes) => edit((old) => ({ ...old, tasks: replaced(old.tasks, at, changes) })),
    wrong: (field) => problemAt(problems, `${path}.${field}`),
  };
  const concepts = task.kind === "localization" || task.kind === "alignment";
  return (
    <>
      <Words {...part} />
      <ArmChoice {...part} />
      {task.kind === "localization" && (
        <AnchorFields
          legend="What the ratings mean"
          anchors={task.anchors}
          path={`${path}.anchors`}
          problem={part.wrong("anchors")}
          onChange={(anchors) => part.change({ anchors })}
        />
      )}
      {concepts && <ConceptChoice {...part} />}
      {task.kind === "diagnosis" && <PositiveClasses {...part} />}
      <QuestionFields
        questions={task.questions}
        path={path}
        problems={problems}
        onChange={(questions) => part.change({ questions })}
      />
      <Checkbox
        size="xs"
        label="Readers may answer “cannot judge”"
        description="Such answers are counted apart, and are no guesses."
        checked={task.cannot_judge}
        onChange={({ currentTarget: { checked } }) => part.change({ cannot_judge: checked })}
      />
    </>
  );
}

function Words({ task, problems, change, wrong, path }: PartProps) {
  return (
    <>
      <Field path={`${path}.title`} problems={problems}>
        <TextInput
          label="Title"
          description="Readers see it above the item."
          maxLength={200}
          value={task.title}
          error={wrong("title")}
          onChange={({ currentTarget: { value } }) => change({ title: value })}
        />
      </Field>
      <Field path={`${path}.instructions`} problems={problems}>
        <Textarea
          label="Instructions"
          description="What to do in this task, in words for readers."
          autosize
          minRows={2}
          maxLength={4000}
          value={task.instructions}
          error={wrong("instructions")}
          onChange={({ currentTarget: { value } }) => change({ instructions: value })}
        />
      </Field>
    </>
  );
}

function ArmChoice({ task, design, change, wrong, path }: PartProps) {
  const problem = wrong("arm_keys");
  return (
    <fieldset className={classes.set} data-field={`${path}.arm_keys`}>
      <legend>Arms of this task</legend>
      <div className={classes.choices}>
        {design.arms.map((arm, place) => {
          const chosen = task.arm_keys.includes(arm.key);
          return (
            <Checkbox
              key={arm.key}
              size="xs"
              label={`${letter(place)}: ${arm.name}`}
              checked={chosen}
              disabled={!chosen && !fits(task.kind, arm)}
              onChange={({ currentTarget: { checked } }) => {
                const keys = new Set(task.arm_keys);
                checked ? keys.add(arm.key) : keys.delete(arm.key);
                const ordered = design.arms.map(({ key }) => key).filter((key) => keys.has(key));
                change({ arm_keys: ordered });
              }}
            />
          );
        })}
      </div>
      {design.arms.length === 0 && <p className={classes.hint}>There is no arm yet.</p>}
      {problem && <p className={classes.problem}>{problem}</p>}
    </fieldset>
  );
}

function ConceptChoice({ task, sources, problems, change, wrong, path }: PartProps) {
  const groups = sources.groups.filter(({ localizable }) => localizable);
  const known = new Set(groups.map(({ key }) => key));
  const gone = task.group_keys.filter((key) => !known.has(key));
  return (
    <>
      <div className={classes.pair}>
        <Field path={`${path}.concept_rule`} problems={problems}>
          <NativeSelect
            size="xs"
            label="Which concepts of an image"
            description="Of those that the model sees in it."
            data={[
              { value: "strongest", label: "Those that speak most for the predicted class" },
              { value: "random", label: "Of groups drawn at random" },
            ]}
            value={task.concept_rule}
            error={wrong("concept_rule")}
            onChange={({ currentTarget: { value } }) =>
              change({ concept_rule: value === "random" ? "random" : "strongest" })
            }
          />
        </Field>
        <Field path={`${path}.concepts_per_case`} problems={problems}>
          <NumberInput
            size="xs"
            label="Concepts of each image"
            description="Each makes an item under every arm."
            min={1}
            max={8}
            value={task.concepts_per_case}
            error={wrong("concepts_per_case")}
            onChange={(value) =>
              typeof value === "number" && value >= 1 && change({ concepts_per_case: value })
            }
          />
        </Field>
      </div>
      <div className={task.kind === "alignment" ? classes.pair : undefined}>
        <Field path={`${path}.group_keys`} problems={problems}>
          <MultiSelect
            label="Only concepts of these groups"
            description="None chosen: all groups that have a place in the image."
            data={[
              ...groups.map(({ key, name }) => ({ value: key, label: name })),
              ...gone.map((key) => ({ value: key, label: `${key} (not of this model)` })),
            ]}
            value={task.group_keys}
            error={wrong("group_keys")}
            clearable
            onChange={(keys) => change({ group_keys: keys })}
          />
        </Field>
        {task.kind === "alignment" && (
          <Field path={`${path}.distractors`} problems={problems}>
            <NativeSelect
              size="xs"
              label="Distractors"
              description="Plausible others, drawn once and then fixed for the item."
              data={[
                { value: "3", label: "3: choose one of four" },
                { value: "4", label: "4: choose one of five" },
              ]}
              value={String(task.distractors)}
              error={wrong("distractors")}
              onChange={({ currentTarget: { value } }) => change({ distractors: Number(value) })}
            />
          </Field>
        )}
      </div>
    </>
  );
}

function PositiveClasses({ task, design, sources, problems, change, wrong, path }: PartProps) {
  return (
    <Field path={`${path}.positive_classes`} problems={problems}>
      <MultiSelect
        label="Classes that count as disease"
        description="One side of the ROC curve; the other classes are the other side."
        data={classesOf(design, sources).map(({ key, name }) => ({ value: key, label: name }))}
        value={task.positive_classes}
        error={wrong("positive_classes")}
        clearable
        onChange={(keys) => change({ positive_classes: keys })}
      />
    </Field>
  );
}
