import { ActionIcon, Checkbox, NativeSelect, Textarea } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { memo } from "react";
import type { StudyCandidate, StudyCaseRef, StudyProblem } from "../../../shared/api/types";
import { Tag } from "../../../shared/components/tag";
import { labelOf } from "../hooks/use-known-images";
import { refKey, replaced } from "../lib/design";
import { withoutCase } from "../lib/sampling";
import type { StepProps } from "../lib/step-props";
import { Thumbnail } from "./candidate-grid";
import classes from "./images-step.module.css";
import steps from "./steps.module.css";

interface ChosenImageProps {
  caseRef: StudyCaseRef;
  at: number;
  known: StudyCandidate | null;
  /** Classes that it can truly have. */
  names: readonly { key: string; name: string }[];
  /** Of this image. */
  wrong: readonly StudyProblem[];
  edit: StepProps["edit"];
}

/** One image: its true class, whether it is for practice, and what is told of it. */
export const ChosenImage = memo(function ChosenImage(props: ChosenImageProps) {
  const { caseRef: ref, at, known, names, wrong, edit } = props;
  const label = labelOf(ref, known);
  const path = `cases.${at}`;
  const change = (changes: Partial<StudyCaseRef>) =>
    edit((old) => ({ ...old, cases: replaced(old.cases, at, changes) }));
  return (
    <li className={classes.row} data-field={path}>
      <Thumbnail address={known?.thumbnail} />
      <div className={classes.name}>
        {label} {known?.synthetic && <Tag>Synthetic</Tag>}
        {known?.dataset && <div className={steps.hint}>{known.dataset}</div>}
        {wrong.map(({ text, severity }) => (
          <p key={text} className={steps.problem} data-severity={severity}>
            {text}
          </p>
        ))}
      </div>
      <ActionIcon
        variant="default"
        size={26}
        aria-label={`Take ${label} out`}
        onClick={() => edit((old) => withoutCase(old, refKey(ref)))}
      >
        <IconTrash size={14} aria-hidden />
      </ActionIcon>
      <div className={classes.fields}>
        <NativeSelect
          size="xs"
          aria-label={`True class of ${label}`}
          data={[
            { value: "", label: "True class not known" },
            ...names.map(({ key, name }) => ({ value: key, label: name })),
          ]}
          value={ref.truth_class ?? ""}
          onChange={({ currentTarget: { value } }) => change({ truth_class: value || null })}
        />
        <Checkbox
          size="xs"
          label="Practice"
          aria-label={`${label} is for practice`}
          checked={ref.practice}
          onChange={({ currentTarget: { checked } }) => change({ practice: checked })}
        />
        <Textarea
          className={classes.information}
          aria-label={`Clinical information of ${label}`}
          placeholder="Clinical information, told to the reader"
          rows={1}
          autosize
          maxLength={4000}
          value={ref.clinical_information}
          onChange={({ currentTarget: { value } }) => change({ clinical_information: value })}
        />
      </div>
    </li>
  );
});
