import { TextInput } from "@mantine/core";
import classes from "./steps.module.css";

interface AnchorFieldsProps {
  legend: string;
  anchors: readonly string[];
  path: string;
  problem: string | undefined;
  onChange: (anchors: string[]) => void;
}

const POINTS = [1, 2, 3, 4, 5];

/** The five points of a scale, each in words: a bare number means something else to everybody. */
export function AnchorFields({ legend, anchors, path, problem, onChange }: AnchorFieldsProps) {
  return (
    <fieldset className={`${classes.set} ${classes.anchors}`} data-field={path}>
      <legend>{legend}</legend>
      {POINTS.map((point, at) => (
        <div key={point} className={classes.anchor}>
          <span aria-hidden>{point}</span>
          <TextInput
            aria-label={`${legend}: ${point}`}
            maxLength={200}
            value={anchors[at] ?? ""}
            onChange={({ currentTarget: { value } }) =>
              onChange(POINTS.map((_, place) => (place === at ? value : (anchors[place] ?? ""))))
            }
          />
        </div>
      ))}
      {problem && <p className={classes.problem}>{problem}</p>}
    </fieldset>
  );
}
