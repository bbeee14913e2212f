import type { TrainingMode } from "../lib/run-form";
import classes from "./run-form.module.css";

interface ModeChoiceProps {
  mode: TrainingMode;
  hasParent: boolean;
  onChoose: (mode: TrainingMode) => void;
}

/** Quick or full, each in a sentence. */
export function ModeChoice({ mode, hasParent, onChoose }: ModeChoiceProps) {
  const choices = [
    {
      value: "quick" as const,
      name: "Quick",
      words: hasParent
        ? "Trains concepts, codebook and classes on tokens that the parent’s encoder computes once: to see soon what an edit does."
        : "Needs a parent model, whose encoder it keeps as it is.",
      disabled: !hasParent,
    },
    {
      value: "full" as const,
      name: "Full",
      words: hasParent
        ? "Trains everything, encoder included, on augmented images as the parent was trained: slower, for a version to be used."
        : "Trains everything, from the encoder’s own weights.",
      disabled: false,
    },
  ];
  return (
    <fieldset className={classes.set}>
      <legend>Mode</legend>
      {choices.map(({ value, name, words, disabled }) => (
        <label
          key={value}
          className={classes.mode}
          data-chosen={mode === value}
          data-disabled={disabled}
        >
          <input
            type="radio"
            name="training-mode"
            value={value}
            checked={mode === value}
            disabled={disabled}
            aria-describedby={`training-mode-${value}`}
            aria-label={name}
            onChange={() => onChoose(value)}
          />
          <span className={classes.modeName}>{name}</span>
          <span id={`training-mode-${value}`} className={classes.modeWords}>
            {words}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
