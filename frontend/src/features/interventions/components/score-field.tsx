import { useState } from "react";
import { formatNumber } from "../../../shared/lib/format";
import { parseScore } from "../lib/score-scale";
import classes from "./score-field.module.css";

interface ScoreFieldProps {
  label: string;
  value: number;
  edited: boolean;
  tabbable: boolean;
  onChange: (value: number) => void;
}

/** A score as a number to type; taken on Enter and on leaving, given up with Escape. */
export function ScoreField({ label, value, edited, tabbable, onChange }: ScoreFieldProps) {
  /** Null while nobody types. */
  const [draft, setDraft] = useState<string | null>(null);
  const typed = draft === null ? value : parseScore(draft);
  const take = () => {
    if (draft !== null && typed !== null && draft !== formatNumber(value)) {
      onChange(typed);
    }
    setDraft(null);
  };
  return (
    <input
      type="text"
      inputMode="decimal"
      autoComplete="off"
      className={classes.field}
      aria-label={label}
      aria-invalid={typed === null}
      data-edited={edited}
      data-undo={draft === null ? "edits" : undefined}
      tabIndex={tabbable ? 0 : -1}
      value={draft ?? formatNumber(value)}
      onFocus={(event) => event.currentTarget.select()}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onBlur={take}
      onKeyDown={(event) => {
        if (event.key === "Enter" && typed !== null) {
          take();
        } else if (event.key === "Escape" && draft !== null) {
          event.stopPropagation();
          setDraft(null);
        }
      }}
    />
  );
}
