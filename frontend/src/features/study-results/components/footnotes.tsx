import { createContext, useContext } from "react";
import classes from "./figures.module.css";

const NONE: ReadonlyMap<string, string> = new Map();

/** Notes of the table around, with their letters. */
export const FootnoteContext = createContext(NONE);

/** A note of a figure: a letter where the table lists it, else the words. */
export function Footnote({ note }: { note: string }) {
  const letter = useContext(FootnoteContext).get(note);
  return letter ? (
    <sup className={classes.mark} title={note}>
      {letter}
    </sup>
  ) : (
    <span className={classes.note}>{note}</span>
  );
}

/** Under the table: each note once. */
export function Footnotes({ letters }: { letters: ReadonlyMap<string, string> }) {
  if (letters.size === 0) {
    return null;
  }
  return (
    <ul className={classes.footnotes} aria-label="Notes">
      {[...letters].map(([note, letter]) => (
        <li key={letter}>
          <sup>{letter}</sup> {note}
        </li>
      ))}
    </ul>
  );
}
