import { Checkbox, NumberInput } from "@mantine/core";
import { useId } from "react";
import type { ImportForm } from "../lib/import-form";
import classes from "./split-fields.module.css";

interface SplitFieldsProps {
  form: ImportForm;
  problem: string | undefined;
  onChange: (changes: Partial<ImportForm>) => void;
}

const PARTS = [
  { key: "train", label: "Training %" },
  { key: "validation", label: "Validation %" },
  { key: "test", label: "Test %" },
] as const;

/** How images are divided. Whole groups move, so that the shares are met nearly, not to the image. */
export function SplitFields({ form, problem, onChange }: SplitFieldsProps) {
  const errorId = useId();
  return (
    <fieldset className={classes.split}>
      <legend className={classes.legend}>4. Split</legend>
      <div className={classes.shares}>
        {PARTS.map(({ key, label }) => (
          <NumberInput
            key={key}
            className={classes.share}
            size="xs"
            label={label}
            value={form[key]}
            min={0}
            max={100}
            clampBehavior="none"
            hideControls
            error={Boolean(problem)}
            aria-describedby={problem ? errorId : undefined}
            onChange={(value) => onChange({ [key]: typeof value === "number" ? value : "" })}
          />
        ))}
        <Checkbox
          className={classes.published}
          size="xs"
          label="Keep the publisher's split where there is one"
          checked={form.publishedSplit}
          onChange={(event) => onChange({ publishedSplit: event.currentTarget.checked })}
        />
      </div>
      {problem && (
        <p id={errorId} className={classes.problem} role="alert">
          {problem}
        </p>
      )}
      <p className={classes.hint}>
        Images of one patient or lesion, and copies of one image, always stay together, so the
        shares come out nearly as asked. The same files always give the same split.
      </p>
    </fieldset>
  );
}
