import { IconAlertTriangle, IconCircleX } from "@tabler/icons-react";
import type { StudyProblem } from "../../../shared/api/types";
import { countWords, problemsOf, STEPS, type Step, type StepKey } from "../lib/problems";
import classes from "./step-nav.module.css";

interface StepNavProps {
  current: Step;
  problems: readonly StudyProblem[];
  onStep: (step: StepKey) => void;
}

/** All steps, with what is still wrong in each. */
export function StepNav({ current, problems, onStep }: StepNavProps) {
  return (
    <nav aria-label="Steps of the design">
      <ol className={classes.steps}>
        {STEPS.map((step, at) => {
          const found = problemsOf(step, problems);
          const words = countWords(found);
          const Icon = found.some(({ severity }) => severity === "error")
            ? IconCircleX
            : IconAlertTriangle;
          return (
            <li key={step.key}>
              <button
                type="button"
                className={classes.step}
                aria-current={step.key === current.key ? "step" : undefined}
                aria-label={`${at + 1}. ${step.name}${words ? `: ${words}` : ""}`}
                title={words ?? undefined}
                onClick={() => onStep(step.key)}
              >
                <span className={classes.number}>{at + 1}</span>
                {step.short}
                {words && (
                  <Icon
                    size={13}
                    className={classes.mark}
                    data-error={Icon === IconCircleX}
                    aria-hidden
                  />
                )}
              </button>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
