import { SegmentedControl } from "@mantine/core";
import { useState } from "react";
import type { StudyResultArm, StudyTaskResults } from "../../../shared/api/types";
import { Section } from "../../../shared/components/section";
import { waysOf } from "../lib/rows";
import { DiagnosisTables } from "./diagnosis-tables";
import figures from "./figures.module.css";
import { PlaceContext } from "./place-context";
import { QuestionBlock } from "./question-block";
import classes from "./results.module.css";
import { TimeTable } from "./time-table";

interface TaskSectionProps {
  task: StudyTaskResults;
  arms: readonly StudyResultArm[];
}

const KINDS: Readonly<Record<StudyTaskResults["kind"], string>> = {
  localization: "Image, concept and map: how well does the map lie?",
  alignment: "Image and map: which concept does it show?",
  diagnosis: "Image: which class, and how sure?",
  questions: "Image: questions of this study.",
};

/** One task: its questions, diagnoses and times. Answers can be looked at by data set, concept or reader. */
export function TaskSection({ task, arms }: TaskSectionProps) {
  const ways = waysOf(task);
  const [chosen, setChosen] = useState<string>("all");
  const by = ways.find((way) => way.by === chosen)?.by ?? "all";
  const answered = task.times.some(({ answers }) => answers > 0);
  return (
    <Section title={task.title} hint={KINDS[task.kind]}>
      {ways.length > 1 && (
        <SegmentedControl
          className={`${classes.ways} ${classes.screen}`}
          size="xs"
          aria-label={`Answers of ${task.title}`}
          data={ways.map((way) => ({ value: way.by, label: way.label }))}
          value={by}
          onChange={setChosen}
        />
      )}
      {!answered && <p className={figures.hint}>Nobody has answered in this task yet.</p>}
      <PlaceContext value={task.title}>
        {task.diagnosis && <DiagnosisTables diagnosis={task.diagnosis} arms={arms} />}
        {task.questions.map((question) => (
          <QuestionBlock
            key={question.key}
            question={question}
            by={by}
            task={task.kind}
            arms={arms}
          />
        ))}
        <TimeTable rows={task.times} arms={arms} />
      </PlaceContext>
    </Section>
  );
}
