import { Button, Checkbox, NumberInput, Textarea, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { messageOf } from "../../../shared/api/api-error";
import type { ReaderProfile, ReadingRead } from "../../../shared/api/types";
import { Notice } from "../../../shared/components/notice";
import { useStartReading } from "../api/start-reading";
import classes from "./reading.module.css";

interface BeginFormProps {
  reading: ReadingRead;
  /** It has begun. */
  onBegun: () => void;
}

const MOST_YEARS = 80;

/** Confirms the instructions, says who one is as a rater where the study asks, and begins. */
export function BeginForm({ reading, onBegun }: BeginFormProps) {
  const { ask_profile: asks, profile } = reading;
  const [agreed, setAgreed] = useState(false);
  const [profession, setProfession] = useState(profile?.profession ?? "");
  const [years, setYears] = useState<number | string>(profile?.years ?? "");
  const [experience, setExperience] = useState(profile?.experience ?? "");
  const { mutate, isPending, error } = useStartReading(reading.study_id);
  const complete = !asks || (profession.trim() !== "" && typeof years === "number");
  const begin = (event: FormEvent) => {
    event.preventDefault();
    const said: ReaderProfile | null =
      asks && typeof years === "number"
        ? { profession: profession.trim(), years, experience: experience.trim() }
        : null;
    mutate({ agreed: true, profile: said }, { onSuccess: onBegun });
  };
  return (
    <form className={classes.form} onSubmit={begin}>
      {asks && (
        <>
          <p className={classes.dim}>
            Reports of reader studies say who read. What you write here is shown to those who run
            the study, under a code in place of your name.
          </p>
          <TextInput
            label="Profession"
            description="For instance: dermatologist, radiology resident"
            required
            maxLength={120}
            value={profession}
            onChange={(event) => setProfession(event.currentTarget.value)}
          />
          <NumberInput
            size="xs"
            label="Years of practice in it"
            required
            min={0}
            max={MOST_YEARS}
            clampBehavior="strict"
            allowDecimal={false}
            hideControls
            value={years}
            onChange={setYears}
          />
          <Textarea
            label="Experience with such images, and with explanations of models"
            autosize
            minRows={2}
            maxLength={500}
            value={experience}
            onChange={(event) => setExperience(event.currentTarget.value)}
          />
        </>
      )}
      <Checkbox
        size="xs"
        label="I have read the instructions"
        checked={agreed}
        onChange={(event) => setAgreed(event.currentTarget.checked)}
      />
      {error && (
        <Notice tone="error" title="The study could not be begun" live>
          {messageOf(error)}
        </Notice>
      )}
      <Button type="submit" loading={isPending} disabled={!agreed || !complete}>
        Begin reading
      </Button>
    </form>
  );
}
