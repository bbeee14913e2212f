import { useId } from "react";
import type { ItemQuestion } from "../../../shared/api/types";
import { type Answer, fits, SCALE_END } from "../lib/given";
import classes from "./question-field.module.css";

interface ScaleFieldProps {
  question: ItemQuestion;
  answer: Answer | undefined;
  /** Null takes the answer back. */
  onAnswer: (answer: Answer | null) => void;
}

const MIDDLE = SCALE_END / 2;

/** 0 to 100 by typing or by sliding. Without an answer the slider has no thumb, so that it suggests none. */
export function ScaleField({ question, answer, onAnswer }: ScaleFieldProps) {
  const endsId = useId();
  const value = typeof answer === "number" ? answer : null;
  const [low = "0", high = String(SCALE_END)] = question.anchors;
  const take = (text: string) => {
    const typed = text.trim() === "" ? null : Number(text);
    if (typed === null || fits(question, typed)) {
      onAnswer(typed);
    }
  };
  return (
    <div className={classes.scale}>
      <div className={classes.slide}>
        <input
          type="range"
          className={classes.range}
          min={0}
          max={SCALE_END}
          aria-label={`${question.text}, as a slider`}
          aria-describedby={endsId}
          aria-valuetext={value === null ? "No answer yet" : undefined}
          data-empty={value === null}
          value={value ?? MIDDLE}
          onChange={(event) => onAnswer(Number(event.currentTarget.value))}
          // A click on the very middle changes nothing in the slider, and is an answer all the same.
          onPointerUp={(event) => onAnswer(Number(event.currentTarget.value))}
        />
        <div id={endsId} className={classes.ends}>
          <span>0 = {low}</span>
          <span>100 = {high}</span>
        </div>
      </div>
      <input
        type="text"
        inputMode="numeric"
        className={classes.number}
        maxLength={3}
        placeholder="0–100"
        aria-label={`${question.text}, 0 to 100`}
        aria-describedby={endsId}
        value={value ?? ""}
        onChange={(event) => take(event.currentTarget.value)}
      />
    </div>
  );
}
