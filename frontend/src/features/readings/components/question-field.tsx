import { Kbd } from "@mantine/core";
import { type ReactNode, useId } from "react";
import type { ItemQuestion } from "../../../shared/api/types";
import { type Answer, LIKERT_POINTS } from "../lib/given";
import classes from "./question-field.module.css";
import { ScaleField } from "./scale-field";

interface QuestionFieldProps {
  question: ItemQuestion;
  answer: Answer | undefined;
  /** Null takes the answer back. */
  onAnswer: (answer: Answer | null) => void;
  /** The item cannot be judged, or is only shown. */
  disabled: boolean;
  /** It was to be submitted without an answer here. */
  lacking: boolean;
}

/** One question with its answers; single digits go to the one that is marked. */
export function QuestionField(props: QuestionFieldProps) {
  const { question, disabled, lacking } = props;
  const hintId = useId();
  return (
    <fieldset
      className={classes.field}
      data-question={question.key}
      data-lacking={lacking}
      disabled={disabled}
      tabIndex={-1}
      aria-describedby={lacking ? hintId : undefined}
    >
      <legend className={classes.legend}>
        {question.text}
        {!question.required && <span className={classes.optional}> (optional)</span>}
      </legend>
      <Answers {...props} />
      {lacking && (
        <p id={hintId} className={classes.lacking}>
          An answer is needed here.
        </p>
      )}
    </fieldset>
  );
}

function Answers(props: QuestionFieldProps) {
  const { question, answer, onAnswer } = props;
  switch (question.kind) {
    case "likert":
      return Array.from({ length: LIKERT_POINTS }, (_, place) => place + 1).map((point) => (
        <AnswerRow
          key={point}
          name={question.key}
          digit={point}
          checked={answer === point}
          onChoose={() => onAnswer(point)}
        >
          {question.anchors[point - 1] || `${point} of ${LIKERT_POINTS}`}
        </AnswerRow>
      ));
    case "choice":
      return question.options.map((option, place) => (
        <AnswerRow
          key={option.key}
          name={question.key}
          digit={place + 1}
          checked={answer === option.key}
          onChoose={() => onAnswer(option.key)}
        >
          {option.text}
        </AnswerRow>
      ));
    case "scale":
      return <ScaleField question={question} answer={answer} onAnswer={onAnswer} />;
    case "text":
      return (
        <textarea
          className={classes.text}
          rows={2}
          maxLength={4000}
          aria-label={question.text}
          value={typeof answer === "string" ? answer : ""}
          onChange={(event) => onAnswer(event.currentTarget.value)}
        />
      );
  }
}

interface AnswerRowProps {
  name: string;
  /** The key that chooses it; beyond 9 there is none. */
  digit: number;
  checked: boolean;
  onChoose: () => void;
  children: ReactNode;
}

function AnswerRow({ name, digit, checked, onChoose, children }: AnswerRowProps) {
  return (
    <label className={classes.row} data-chosen={checked}>
      <input
        type="radio"
        className={classes.radio}
        name={name}
        checked={checked}
        onChange={onChoose}
      />
      {digit <= 9 && (
        <Kbd size="xs" className={classes.key}>
          {digit}
        </Kbd>
      )}
      <span>{children}</span>
    </label>
  );
}
