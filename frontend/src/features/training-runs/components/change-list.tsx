import classes from "./change-list.module.css";

interface ChangeListProps {
  changes: readonly string[];
  hasParent: boolean;
}

/** What the edit of the concepts means for the parent's weights. */
export function ChangeList({ changes, hasParent }: ChangeListProps) {
  if (!hasParent) {
    return (
      <p className={classes.none}>
        There is no parent: everything behind the encoder starts anew, and options start from what
        their words mean.
      </p>
    );
  }
  if (changes.length === 0) {
    return (
      <p className={classes.none}>
        The concepts are the parent’s own: all of its weights are carried over.
      </p>
    );
  }
  return (
    <ul className={classes.changes}>
      {changes.map((change) => (
        <li key={change}>{change}</li>
      ))}
    </ul>
  );
}
