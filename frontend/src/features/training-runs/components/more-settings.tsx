import { NumberInput } from "@mantine/core";
import {
  type Field,
  type FormProblems,
  MOST_EPOCHS,
  type RunForm,
  type TrainingMode,
} from "../lib/run-form";
import classes from "./run-form.module.css";

interface MoreSettingsProps {
  form: RunForm;
  mode: TrainingMode;
  hasParent: boolean;
  problems: FormProblems;
  onChange: (changes: Partial<RunForm>) => void;
}

const asField = (value: string | number): Field => (typeof value === "number" ? value : "");

/** What rarely needs a change. What stays empty follows the mode or the parent, as the field says. */
export function MoreSettings({ form, mode, hasParent, problems, onChange }: MoreSettingsProps) {
  const left = hasParent ? "as the parent" : "as recommended";
  return (
    <div className={classes.settings} id="training-more-settings">
      <div className={classes.quad}>
        <NumberInput
          size="xs"
          label="Epochs"
          placeholder={mode === "quick" ? "12" : left}
          value={form.epochs}
          error={problems.epochs}
          clampBehavior="none"
          min={1}
          max={MOST_EPOCHS}
          allowDecimal={false}
          onChange={(value) => onChange({ epochs: asField(value) })}
        />
        <NumberInput
          size="xs"
          label="Patience, epochs"
          placeholder={left}
          value={form.patience}
          error={problems.patience}
          clampBehavior="none"
          min={1}
          max={MOST_EPOCHS}
          allowDecimal={false}
          onChange={(value) => onChange({ patience: asField(value) })}
        />
        <NumberInput
          size="xs"
          label="Learning rate"
          placeholder={mode === "quick" ? "0.001" : left}
          value={form.learningRate}
          error={problems.learningRate}
          clampBehavior="none"
          min={0}
          max={1}
          step={0.0001}
          decimalScale={8}
          onChange={(value) => onChange({ learningRate: asField(value) })}
        />
        <NumberInput
          size="xs"
          label="Seed"
          placeholder="0"
          value={form.seed}
          error={problems.seed}
          clampBehavior="none"
          min={0}
          max={2 ** 31 - 1}
          allowDecimal={false}
          onChange={(value) => onChange({ seed: asField(value) })}
        />
      </div>
      <p className={classes.hint}>
        An epoch is one pass over the training images. Patience ends the training after so many
        epochs without a better validation BMAC; the best epoch’s weights are kept. The same seed,
        data and settings give the same model.
      </p>
    </div>
  );
}
