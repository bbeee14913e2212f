import { Button } from "@mantine/core";
import { type ReactNode, useState } from "react";
import type { ChangedImage } from "../../../shared/api/types";
import { formatCount } from "../../../shared/lib/format";
import { countKinds, KINDS, type Kind } from "../lib/changed";
import type { Comparison } from "../lib/figures";
import { ChangedItem } from "./changed-item";
import classes from "./changed-list.module.css";

const SHOWN_AT_FIRST = 6;

interface ChangedListProps {
  comparison: Comparison;
  /** Those with a picture, the first of each kind. */
  changed: readonly ChangedImage[];
}

/** Images that the two predict different classes of, with what speaks for either. */
export function ChangedList({ comparison, changed }: ChangedListProps) {
  const [kind, setKind] = useState<Kind | null>(null);
  const [limit, setLimit] = useState(SHOWN_AT_FIRST);
  const counts = countKinds(comparison);
  const chosen = changed.filter((entry) => kind === null || entry.kind === kind);
  const shown = chosen.slice(0, limit);
  const all = comparison.changed.length;
  if (all === 0) {
    return (
      <p className={classes.none}>
        The two predict the same class for each of the {formatCount(comparison.data.images)} images.
      </p>
    );
  }
  const choose = (next: Kind | null) => {
    setKind(next);
    setLimit(SHOWN_AT_FIRST);
  };
  return (
    <>
      <div className={classes.filter} role="group" aria-label="Which changes">
        <Choice chosen={kind === null} onChoose={() => choose(null)}>
          All, {formatCount(all)}
        </Choice>
        {KINDS.filter((entry) => counts[entry.kind] > 0).map((entry) => (
          <Choice
            key={entry.kind}
            chosen={kind === entry.kind}
            title={entry.meaning}
            onChoose={() => choose(entry.kind)}
          >
            {entry.name}, {formatCount(counts[entry.kind])}
          </Choice>
        ))}
      </div>
      <p className={classes.extent} role="status">
        {extent(shown.length, kind === null ? all : counts[kind])}
      </p>
      <ul className={classes.list}>
        {shown.map((entry) => (
          <li key={entry.key}>
            <ChangedItem entry={entry} comparison={comparison} />
          </li>
        ))}
      </ul>
      {chosen.length > shown.length && (
        <Button variant="default" onClick={() => setLimit((now) => now + 2 * SHOWN_AT_FIRST)}>
          Show more
        </Button>
      )}
    </>
  );
}

function extent(shown: number, all: number): string {
  return shown === all
    ? `${formatCount(all)} shown.`
    : `${formatCount(shown)} of ${formatCount(all)} shown; at most 48 have pictures.`;
}

interface ChoiceProps {
  chosen: boolean;
  title?: string;
  onChoose: () => void;
  children: ReactNode;
}

function Choice({ chosen, title, onChoose, children }: ChoiceProps) {
  return (
    <Button
      size="compact-xs"
      variant={chosen ? "light" : "default"}
      aria-pressed={chosen}
      title={title}
      onClick={onChoose}
    >
      {children}
    </Button>
  );
}
