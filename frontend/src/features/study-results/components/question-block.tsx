import { useContext } from "react";
import type {
  StudyQuestionResults,
  StudyResultArm,
  StudyTaskResults,
} from "../../../shared/api/types";
import { formatCount } from "../../../shared/lib/format";
import type { By } from "../lib/rows";
import { AgreementTable } from "./agreement-table";
import { ChoiceTable } from "./choice-table";
import { ConfusionTable } from "./confusion-table";
import figures from "./figures.module.css";
import { LikertTable } from "./likert-table";
import { PairedTable } from "./paired-table";
import { PlaceContext } from "./place-context";
import { RepeatTable } from "./repeat-table";
import classes from "./results.module.css";
import { ScaleTable } from "./scale-table";

interface QuestionBlockProps {
  question: StudyQuestionResults;
  by: By;
  /** Of the task: in a diagnosis the right choice is the true class. */
  task: StudyTaskResults["kind"];
  arms: readonly StudyResultArm[];
}

/** Everything that was found of one question: answers, arms compared, agreement. */
export function QuestionBlock({ question, by, task, arms }: QuestionBlockProps) {
  const { text, kind, likert, choice, scale, confusion, agreement, repeats, paired } = question;
  const isChoice = kind === "choice";
  const place = `${useContext(PlaceContext)}, ${text}`;
  return (
    <PlaceContext value={place}>
      <article className={classes.question}>
        <h3>{text}</h3>
        {kind === "text" && <p className={figures.hint}>{textWords(question.texts)}</p>}
        <LikertTable rows={likert} by={by} anchors={question.anchors} arms={arms} />
        <ChoiceTable rows={choice} by={by} arms={arms} />
        <ScaleTable rows={scale} by={by} arms={arms} />
        {confusion.length > 0 && (
          <div className={classes.confusions}>
            {confusion.map((each) => (
              <ConfusionTable
                key={each.arm_key}
                confusion={each}
                arms={arms}
                rowsAre={task === "diagnosis" ? "Truth" : "Right"}
              />
            ))}
          </div>
        )}
        <PairedTable rows={paired} shares={isChoice} arms={arms} />
        <AgreementTable rows={agreement} nominal={isChoice} arms={arms} />
        <RepeatTable rows={repeats} nominal={isChoice} />
      </article>
    </PlaceContext>
  );
}

function textWords(texts: number): string {
  return texts === 0
    ? "Nobody wrote anything."
    : `Answers in words: ${formatCount(texts)}. They stand in the export.`;
}
