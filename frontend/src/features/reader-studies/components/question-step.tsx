import { Button, Textarea, TextInput } from "@mantine/core";
import { IconBulb } from "@tabler/icons-react";
import { GRRAS_FIELDS, type GrrasField } from "../lib/grras";
import { problemAt } from "../lib/problems";
import type { StepProps } from "../lib/step-props";
import { Field } from "./field";
import classes from "./steps.module.css";

/** What is asked, and what a report of reliability and agreement has to say (GRRAS). */
export function QuestionStep(props: StepProps) {
  const { design, edit, problems } = props;
  return (
    <div className={classes.step}>
      <Field path="title" problems={problems}>
        <TextInput
          label="Title"
          description="Readers see it too: it should not tell them what is expected."
          maxLength={200}
          value={design.title}
          error={problemAt(problems, "title")}
          onChange={({ currentTarget: { value } }) => edit((old) => ({ ...old, title: value }))}
        />
      </Field>
      <Field path="question" problems={problems}>
        <Textarea
          label="Question"
          description="What the study is to find out, in one or two sentences. Readers see it before they begin, so say nothing of shams."
          autosize
          minRows={2}
          maxLength={4000}
          value={design.question}
          error={problemAt(problems, "question")}
          onChange={({ currentTarget: { value } }) => edit((old) => ({ ...old, question: value }))}
        />
      </Field>
      <div>
        <h3 className={classes.title}>For the report (GRRAS)</h3>
        <p className={classes.hint}>
          The Guidelines for Reporting Reliability and Agreement Studies ask for these. They go into
          the protocol and into the methods text; readers do not see them. What stands in brackets
          in a suggestion only you know.
        </p>
      </div>
      {GRRAS_FIELDS.map((field) => (
        <GrrasInput key={field.key} field={field} {...props} />
      ))}
    </div>
  );
}

function GrrasInput({ field, design, edit, problems }: StepProps & { field: GrrasField }) {
  const { key, item, label, words } = field;
  const set = (value: string) => edit((old) => ({ ...old, grras: { ...old.grras, [key]: value } }));
  const value = design.grras[key];
  return (
    <Field path={`grras.${key}`} problems={problems}>
      <Textarea
        label={`${label} (item ${item})`}
        description={words}
        autosize
        minRows={2}
        maxLength={4000}
        value={value}
        error={problemAt(problems, `grras.${key}`)}
        onChange={({ currentTarget }) => set(currentTarget.value)}
      />
      {value === "" && (
        <Button
          mt={4}
          variant="subtle"
          color="gray"
          size="compact-xs"
          leftSection={<IconBulb size={13} aria-hidden />}
          aria-label={`Insert a suggestion: ${label}`}
          onClick={() => set(field.suggest(design))}
        >
          Insert a suggestion
        </Button>
      )}
    </Field>
  );
}
