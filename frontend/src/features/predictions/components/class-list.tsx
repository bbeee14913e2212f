import { useId } from "react";
import type { Prediction } from "../../../shared/api/types";
import { ShareBar } from "../../../shared/components/share-bar";
import { Tag } from "../../../shared/components/tag";
import { formatPercent, formatSigned } from "../../../shared/lib/format";
import classes from "./class-list.module.css";

interface ClassListProps {
  prediction: Prediction;
  selected: string;
  onSelect: (classKey: string) => void;
}

/** All classes; the chosen one is what contributions below refer to. */
export function ClassList({ prediction, selected, onSelect }: ClassListProps) {
  const name = useId();
  return (
    <fieldset className={classes.list}>
      <legend className="visually-hidden">Class that the contributions refer to</legend>
      <div className={classes.header} aria-hidden>
        <span />
        <span>Class</span>
        <span />
        <span className={classes.right}>Probability</span>
        <span className={classes.right}>Logit</span>
      </div>
      {prediction.classes.map((entry) => {
        const predicted = entry.key === prediction.predicted_class;
        return (
          <label key={entry.key} className={classes.row} data-selected={entry.key === selected}>
            <input
              type="radio"
              name={name}
              className={classes.radio}
              checked={entry.key === selected}
              onChange={() => onSelect(entry.key)}
            />
            <span className={classes.name} data-predicted={predicted}>
              <span>{entry.name}</span>
              {predicted && <Tag>predicted</Tag>}
            </span>
            <ShareBar share={entry.probability} strong={predicted} />
            <span className={classes.right}>{formatPercent(entry.probability)}</span>
            <span className={classes.logit}>{formatSigned(entry.logit)}</span>
          </label>
        );
      })}
    </fieldset>
  );
}
