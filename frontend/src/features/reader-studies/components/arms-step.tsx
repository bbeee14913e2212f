import { Button, Checkbox, NativeSelect, Select, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import type { StudyArm } from "../../../shared/api/types";
import { type ArmKind, moved, newArm, replaced, withoutArm } from "../lib/design";
import { problemAt } from "../lib/problems";
import type { StepProps } from "../lib/step-props";
import { SHAM_WORDS } from "../lib/words";
import { ChoiceCards } from "./choice-cards";
import { Field, Said } from "./field";
import { PlaceButtons } from "./place-buttons";
import classes from "./steps.module.css";

const MOST_ARMS = 8;

const KINDS: readonly { kind: ArmKind; words: string }[] = [
  { kind: "gradcam", words: "Grad-CAM" },
  { kind: "magnet", words: "Magnet" },
  { kind: "sham", words: "Sham" },
  { kind: "image", words: "Image alone" },
  { kind: "prediction", words: "Prediction and concepts" },
];

/** The conditions that readers are compared under. */
export function ArmsStep(props: StepProps) {
  const { design, edit, problems, sources } = props;
  const { arms } = design;
  const active = sources.models.find((model) => model.active) ?? sources.models[0];
  const add = (kind: ArmKind) =>
    edit((old) => ({ ...old, arms: [...old.arms, newArm(kind, old.arms, active?.id ?? null)] }));
  return (
    <div className={classes.step} data-field="arms">
      <p className={classes.hint}>
        An arm is one way to show an image: by which model, with which map. Readers never learn
        which arm they see. The first arm that is no sham decides, by its model, which concepts are
        asked about; all arms of a task ask about the same ones. A sham shows a wrong map that looks
        real: ratings that do not fall with it say nothing about the map.
      </p>
      <Said path="arms" problems={problems} />
      <ol className={classes.list}>
        {arms.map((arm, at) => (
          <ArmCard key={arm.key} arm={arm} at={at} {...props} />
        ))}
      </ol>
      <div className={classes.buttons}>
        <span className={classes.hint}>Add an arm:</span>
        {KINDS.map(({ kind, words }) => (
          <Button
            key={kind}
            variant="default"
            leftSection={<IconPlus size={14} aria-hidden />}
            disabled={arms.length >= MOST_ARMS}
            onClick={() => add(kind)}
          >
            {words}
          </Button>
        ))}
      </div>
    </div>
  );
}

interface ArmCardProps extends StepProps {
  arm: StudyArm;
  at: number;
}

function ArmCard({ arm, at, design, edit, problems, sources }: ArmCardProps) {
  const change = (changes: Partial<StudyArm>) =>
    edit((old) => ({ ...old, arms: replaced(old.arms, at, changes) }));
  const path = `arms.${at}`;
  const diagnoses = design.tasks.some(({ kind }) => kind === "diagnosis");
  return (
    <li className={classes.card} data-field={path}>
      <div className={classes.head}>
        <h3>
          Arm {letter(at)}: {arm.name || "without a name"}
        </h3>
        <PlaceButtons
          name={arm.name}
          at={at}
          last={design.arms.length - 1}
          onMove={(to) => edit((old) => ({ ...old, arms: moved(old.arms, at, to) }))}
          onRemove={() => edit((old) => withoutArm(old, arm.key))}
        />
      </div>
      {problemAt(problems, path) && <p className={classes.problem}>{problemAt(problems, path)}</p>}
      <div className={classes.triple}>
        <Field path={`${path}.name`} problems={problems}>
          <TextInput
            label="Name"
            description="In results and exports; readers do not see it."
            maxLength={200}
            value={arm.name}
            error={problemAt(problems, `${path}.name`)}
            onChange={({ currentTarget: { value } }) => change({ name: value })}
          />
        </Field>
        <Field path={`${path}.model_version_id`} problems={problems}>
          <Select
            label="Model"
            description="Whose explanation is shown."
            data={[
              { value: "none", label: "None: the image alone" },
              ...sources.models.map(({ id, name, dataset }) => ({
                value: id,
                label: `${name} (${dataset})`,
              })),
            ]}
            value={arm.model_version_id ?? "none"}
            error={problemAt(problems, `${path}.model_version_id`)}
            searchable
            allowDeselect={false}
            onChange={(value) =>
              change(
                value === "none"
                  ? { model_version_id: null, map: null, sham: null, ...SHOWS_NOTHING }
                  : { model_version_id: value },
              )
            }
          />
        </Field>
        <Field path={`${path}.map`} problems={problems}>
          <NativeSelect
            size="xs"
            label="Map"
            description="Grad-CAM: per concept. Magnet: per group."
            disabled={!arm.model_version_id}
            data={[
              { value: "", label: "None" },
              { value: "gradcam", label: "Grad-CAM" },
              { value: "magnet", label: "Magnet" },
            ]}
            value={arm.map ?? ""}
            error={problemAt(problems, `${path}.map`)}
            onChange={({ currentTarget: { value } }) =>
              change(value === "" ? { map: null, sham: null } : { map: value as "gradcam" })
            }
          />
        </Field>
      </div>
      {arm.map && (
        <Field path={`${path}.sham`} problems={problems}>
          <ChoiceCards
            legend={`Real or sham: ${arm.name}`}
            value={arm.sham ?? "real"}
            problem={problemAt(problems, `${path}.sham`)}
            choices={[
              { value: "real", name: "Real", words: "The map as the model gives it." },
              ...Object.entries(SHAM_WORDS).map(([value, words]) => ({
                value: value as keyof typeof SHAM_WORDS,
                name: `Sham: ${words.name.toLowerCase()}`,
                words: words.words,
              })),
            ]}
            onChoose={(sham) => change({ sham: sham === "real" ? null : sham })}
          />
        </Field>
      )}
      {arm.model_version_id && (diagnoses || arm.show_prediction || arm.show_concepts) && (
        <div className={classes.choices} data-field={`${path}.show_prediction`}>
          <Checkbox
            size="xs"
            label="Diagnosis: tell the model’s class and probability"
            checked={arm.show_prediction}
            onChange={({ currentTarget: { checked } }) => change({ show_prediction: checked })}
          />
          <Checkbox
            size="xs"
            label="Diagnosis: tell which concepts the model sees"
            checked={arm.show_concepts}
            onChange={({ currentTarget: { checked } }) => change({ show_concepts: checked })}
          />
        </div>
      )}
    </li>
  );
}

const SHOWS_NOTHING = { show_prediction: false, show_concepts: false };

/** A, B, C: how arms are called in pictures. */
export const letter = (at: number) => String.fromCharCode(65 + at);
