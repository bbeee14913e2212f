import { NumberInput } from "@mantine/core";
import { useId } from "react";
import type { TrainingEstimate } from "../../../shared/api/types";
import type { RunForm } from "../lib/run-form";
import classes from "./run-form.module.css";

interface ImageCountsProps {
  form: RunForm;
  /** How many the server would draw; null: not known. */
  estimated: TrainingEstimate["images"];
  problem: string | undefined;
  onChange: (changes: Partial<RunForm>) => void;
}

const PARTS = [
  { key: "train", label: "Training" },
  { key: "validation", label: "Validation" },
  { key: "test", label: "Test" },
] as const;

/** How many images of a procedural data set are drawn. */
export function ImageCounts({ form, estimated, problem, onChange }: ImageCountsProps) {
  const problemId = useId();
  return (
    <fieldset className={classes.set}>
      <legend>Images to draw</legend>
      <div className={classes.triple}>
        {PARTS.map(({ key, label }) => (
          <NumberInput
            key={key}
            size="xs"
            label={label}
            placeholder={estimated ? String(estimated[key]) : "as the parent"}
            value={form.images[key]}
            min={64}
            max={1_000_000}
            clampBehavior="none"
            allowDecimal={false}
            error={Boolean(problem)}
            aria-describedby={problem ? problemId : undefined}
            onChange={(value) =>
              onChange({
                images: { ...form.images, [key]: typeof value === "number" ? value : "" },
              })
            }
          />
        ))}
      </div>
      {problem && (
        <p id={problemId} className={classes.problem}>
          {problem}
        </p>
      )}
    </fieldset>
  );
}
