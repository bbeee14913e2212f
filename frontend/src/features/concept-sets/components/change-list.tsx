import type { ConceptChange } from "../../../shared/api/types";
import classes from "./change-list.module.css";

interface ChangeListProps {
  changes: readonly ConceptChange[];
  /** What the list is of, for assistive technology. */
  label: string;
  /** Where there are none. */
  none?: string;
}

/** Changes between two revisions, each with its kind in a word and the server's sentence. */
export function ChangeList({ changes, label, none = "Nothing differs." }: ChangeListProps) {
  if (changes.length === 0) {
    return <p className={classes.none}>{none}</p>;
  }
  return (
    <ul className={classes.list} aria-label={label}>
      {changes.map((change) => (
        <li key={change.sentence}>
          <span className={classes.kind} data-kind={change.kind}>
            {change.kind}
          </span>
          <span>{change.sentence}</span>
        </li>
      ))}
    </ul>
  );
}

/** The same in a box that scrolls, for dialogs. */
export function ChangeBox(props: ChangeListProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard must be able to
    <section className={classes.box} aria-label={`${props.label}, in full`} tabIndex={0}>
      <ChangeList {...props} />
    </section>
  );
}
