import { Checkbox, NumberInput, Select, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import type { StudyDesign } from "../../../shared/api/types";
import type { AmendmentForm } from "../lib/amendment";
import { GRRAS_FIELDS, LIVE_RESULTS } from "../lib/protocol-words";
import classes from "./running.module.css";

interface AmendFieldsProps {
  design: StudyDesign;
  form: AmendmentForm;
  onChange: (form: AmendmentForm) => void;
}

const LONG = { autosize: true, minRows: 2, maxRows: 8, maxLength: 4000 } as const;

/** What may change once a study is open; everything else is frozen. */
export function AmendFields({ design, form, onChange }: AmendFieldsProps) {
  const { tasks } = design;
  return (
    <>
      <TextInput
        label="Title"
        required
        withAsterisk={false}
        maxLength={200}
        value={form.title}
        onChange={(event) => onChange({ ...form, title: event.currentTarget.value })}
      />
      <Textarea
        {...LONG}
        label="Instructions"
        value={form.instructions}
        onChange={(event) => onChange({ ...form, instructions: event.currentTarget.value })}
      />
      {tasks.map(({ key, title }) => (
        <Textarea
          {...LONG}
          key={key}
          label={`Instructions of “${title}”`}
          value={form.tasks[key] ?? ""}
          onChange={(event) =>
            onChange({ ...form, tasks: { ...form.tasks, [key]: event.currentTarget.value } })
          }
        />
      ))}
      <Select
        label="Who sees results before closing"
        allowDeselect={false}
        data={LIVE_RESULTS.map((each) => ({ ...each }))}
        value={form.liveResults}
        onChange={(value) => {
          const chosen = LIVE_RESULTS.find((each) => each.value === value);
          onChange({ ...form, liveResults: chosen?.value ?? form.liveResults });
        }}
      />
      {design.order.separation === "sessions" && (
        <NumberInput
          size="xs"
          label="Washout, days"
          description="From a reader’s last answer of a session until the next one opens."
          min={0}
          max={365}
          allowDecimal={false}
          value={form.washoutDays}
          onChange={(value) => onChange({ ...form, washoutDays: Number(value) })}
        />
      )}
      <Checkbox
        size="xs"
        label="Readers may add a correction, with a reason, to a locked answer"
        checked={form.amendAnswers}
        onChange={(event) => onChange({ ...form, amendAnswers: event.currentTarget.checked })}
      />
      <GrrasFields form={form} onChange={onChange} />
    </>
  );
}

function GrrasFields({ form, onChange }: Omit<AmendFieldsProps, "design">) {
  // Fields that measure their own height make typing elsewhere slow, so they come when they are wanted.
  const [opened, setOpened] = useState(false);
  return (
    <details onToggle={(event) => setOpened(event.currentTarget.open)}>
      <summary>Fields for reporting (GRRAS)</summary>
      <div className={classes.tasks}>
        {(opened ? GRRAS_FIELDS : []).map(({ key, name }) => (
          <Textarea
            {...LONG}
            key={key}
            label={name}
            value={form.grras[key] ?? ""}
            onChange={(event) =>
              onChange({ ...form, grras: { ...form.grras, [key]: event.currentTarget.value } })
            }
          />
        ))}
      </div>
    </details>
  );
}
