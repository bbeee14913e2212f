import { Checkbox, NumberInput } from "@mantine/core";
import type { ReactNode } from "react";
import type { StudyReadingRules } from "../../../shared/api/types";
import { problemAt } from "../lib/problems";
import type { StepProps } from "../lib/step-props";
import { LIVE_WORDS } from "../lib/words";
import { ChoiceCards } from "./choice-cards";
import { Field } from "./field";
import classes from "./steps.module.css";

const LIVE = [
  { value: "nobody", words: "The default: nobody can be swayed by what others answered." },
  { value: "coordinators", words: "While readers read; those who read themselves excepted." },
  { value: "members", words: "While readers read; those who read themselves excepted." },
] as const;

interface AccessStepProps extends StepProps {
  /** Leads to where readers are invited. */
  readersLink: ReactNode;
}

/** The rules of the reading room, and who sees results when. */
export function AccessStep({ study, design, edit, problems, readersLink }: AccessStepProps) {
  const { reading, access } = design;
  const change = (changes: Partial<StudyReadingRules>) =>
    edit((old) => ({ ...old, reading: { ...old.reading, ...changes } }));
  return (
    <div className={classes.step} data-field="readers">
      <p className={classes.hint} data-field="access">
        {study.readers === 0
          ? "Nobody is invited yet. "
          : `Invited: ${study.readers} ${study.readers === 1 ? "reader" : "readers"}. `}
        Readers are invited under {readersLink}, before or after publishing; each gets an order of
        their own.
      </p>
      <fieldset className={classes.set} data-field="reading">
        <legend>While reading</legend>
        <Checkbox
          size="xs"
          label="Readers say who they are as raters before they begin"
          description="Profession, years of practice and experience: GRRAS asks to report it."
          checked={reading.ask_profile}
          onChange={({ currentTarget: { checked } }) => change({ ask_profile: checked })}
        />
        <Checkbox
          size="xs"
          label="Readers see how far they are"
          checked={reading.show_progress}
          onChange={({ currentTarget: { checked } }) => change({ show_progress: checked })}
        />
        <Checkbox
          size="xs"
          label="Readers may add a correction to a locked answer"
          description="With a reason. The answer itself stays, and counts in the results; corrections stand in the exports."
          checked={reading.amend_answers}
          onChange={({ currentTarget: { checked } }) => change({ amend_answers: checked })}
        />
      </fieldset>
      <div className={classes.triple}>
        <Field path="reading.idle_seconds" problems={problems}>
          <NumberInput
            size="xs"
            label="Idle after, seconds"
            description="Without input for longer is counted apart from the reading time."
            min={5}
            max={600}
            value={reading.idle_seconds}
            error={problemAt(problems, "reading.idle_seconds")}
            onChange={(value) =>
              typeof value === "number" && value >= 5 && change({ idle_seconds: value })
            }
          />
        </Field>
      </div>
      <Field path="access.live_results" problems={problems}>
        <ChoiceCards
          legend="Who sees results before the study is closed"
          choices={LIVE.map(({ value, words }) => ({ value, name: LIVE_WORDS[value], words }))}
          value={access.live_results}
          problem={problemAt(problems, "access.live_results")}
          onChoose={(live_results) => edit((old) => ({ ...old, access: { live_results } }))}
        />
      </Field>
    </div>
  );
}
