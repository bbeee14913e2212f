import { countFlags, type Evidence, FLAG_KINDS, type FlagFilter } from "../lib/evidence";
import { FLAG_NAMES, summaryWords } from "../lib/words";
import { FlagIcon } from "./flag-badges";
import classes from "./flag-summary.module.css";

interface FlagSummaryProps {
  evidence: Evidence;
  filter: FlagFilter;
  onFilter: (filter: FlagFilter) => void;
}

/** How many options are flagged, and which of them are shown. */
export function FlagSummary({ evidence, filter, onFilter }: FlagSummaryProps) {
  const counts = countFlags(evidence);
  const choices: { filter: FlagFilter; words: string }[] = [
    { filter: "all", words: "All options" },
    { filter: "flagged", words: "Flagged" },
    ...FLAG_KINDS.filter((kind) => counts.byKind[kind] > 0).map((kind) => ({
      filter: kind,
      words: `${FLAG_NAMES[kind]} ${counts.byKind[kind]}`,
    })),
  ];
  return (
    <div className={classes.bar}>
      <span className={classes.words} role="status">
        {summaryWords(counts)}
      </span>
      {counts.flagged > 0 && (
        <div className={classes.filters} role="group" aria-label="Which options are shown">
          {choices.map((choice) => (
            <button
              key={choice.filter}
              type="button"
              className={classes.filter}
              aria-pressed={choice.filter === filter}
              onClick={() => onFilter(choice.filter)}
            >
              {choice.filter !== "all" && choice.filter !== "flagged" && (
                <FlagIcon kind={choice.filter} size={12} />
              )}
              {choice.words}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
