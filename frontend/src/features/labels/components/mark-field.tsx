import { type KeyboardEvent, useId } from "react";
import { RadioRow } from "../../../shared/components/radio-row";
import { useRovingFocus } from "../../../shared/hooks/use-roving-focus";
import { type Choice, type Mark, textOf, verdictOn } from "../lib/marks";
import classes from "./mark-field.module.css";
import { ModelAnswer } from "./model-answer";

interface MarkFieldProps {
  /** Of the group, or "Class". */
  name: string;
  /** The last one is "not marked". */
  choices: readonly Choice[];
  mark: Mark;
  model: Mark;
  /** Whether the model's answer is shown before one's own. */
  revealed: boolean;
  onMark: (mark: Mark) => void;
}

/**
 * One group to mark. Arrow keys only move the focus: if they marked, as they do in ordinary radio buttons,
 * passing an option would already show what the model says.
 */
export function MarkField({ name, choices, mark, model, revealed, onMark }: MarkFieldProps) {
  const id = useId();
  const roving = useRovingFocus({ sideways: true });
  const keyOf = (at: number) => (at === choices.length - 1 ? 0 : at + 1);
  const markAt = (list: HTMLElement, at: number) => {
    const choice = choices[at];
    if (choice) {
      list.querySelectorAll<HTMLElement>("[data-roving]")[at]?.focus();
      onMark(choice.mark);
    }
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    roving.onKeyDown(event);
    if (/^\d$/.test(event.key)) {
      event.preventDefault();
      markAt(
        event.currentTarget,
        choices.findIndex((_, at) => keyOf(at) === Number(event.key)),
      );
    } else if (event.key === "Enter" && event.target instanceof HTMLInputElement) {
      event.preventDefault();
      event.target.click();
    }
  };
  const markedAt = choices.findIndex((choice) => choice.mark === mark);
  return (
    <div className={classes.field}>
      <div className={classes.head}>
        <h3 className={classes.name} id={id}>
          {name}
        </h3>
        <ModelAnswer
          verdict={verdictOn(mark, model)}
          text={textOf(choices, model)}
          revealed={revealed}
        />
      </div>
      <div className={classes.choices} role="radiogroup" aria-labelledby={id} onKeyDown={onKeyDown}>
        {choices.map((choice, at) => (
          <RadioRow
            key={choice.text}
            data-roving
            name={id}
            checked={at === markedAt}
            quiet={choice.mark === undefined}
            tabIndex={roving.isTabbable(String(at), at === Math.max(0, markedAt)) ? 0 : -1}
            onFocus={() => roving.setCurrent(String(at))}
            onChange={() => onMark(choice.mark)}
          >
            <span className={choice.mark === undefined ? classes.none : classes.text}>
              {choice.text}
            </span>
            {keyOf(at) < 10 && (
              <span className={classes.key} aria-hidden>
                {keyOf(at)}
              </span>
            )}
          </RadioRow>
        ))}
      </div>
    </div>
  );
}
