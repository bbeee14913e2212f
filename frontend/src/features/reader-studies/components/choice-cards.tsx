import { useId } from "react";
import classes from "./choice-card.module.css";

interface ChoiceCardsProps<Value extends string> {
  legend: string;
  choices: readonly { value: Value; name: string; words: string }[];
  value: Value;
  problem?: string | undefined;
  onChoose: (value: Value) => void;
}

/** One of a few ways, each with a sentence that says what it means. */
export function ChoiceCards<Value extends string>(props: ChoiceCardsProps<Value>) {
  const { legend, choices, value: chosen, problem, onChoose } = props;
  const id = useId();
  return (
    <fieldset className={classes.group}>
      <legend>{legend}</legend>
      {choices.map(({ value, name, words }) => (
        <label key={value} className={classes.card} data-chosen={chosen === value}>
          <input
            type="radio"
            name={id}
            value={value}
            checked={chosen === value}
            aria-label={name}
            aria-describedby={`${id}-${value}`}
            onChange={() => onChoose(value)}
          />
          <span className={classes.name}>{name}</span>
          <span id={`${id}-${value}`} className={classes.words}>
            {words}
          </span>
        </label>
      ))}
      {problem && (
        <p className={classes.problem} role="alert">
          {problem}
        </p>
      )}
    </fieldset>
  );
}
