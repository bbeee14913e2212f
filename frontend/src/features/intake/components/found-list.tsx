import { Button } from "@mantine/core";
import { Busy } from "../../../shared/components/busy";
import { QueryError } from "../../../shared/components/query-error";
import type { FoundText } from "../hooks/use-found-text";
import type { Frames } from "../hooks/use-frames";
import type { FoundLine } from "../lib/found-text";
import { MOST_REGIONS } from "../lib/regions";
import { foundWords, regionWords } from "../lib/words";
import classes from "./region-list.module.css";

interface FoundListProps {
  found: FoundText;
  frames: Frames;
  /** There are as many regions as may be. */
  full: boolean;
}

/** What the server took for text, to be covered at once or one by one. It is a help, not the look itself. */
export function FoundList({ found, frames, full }: FoundListProps) {
  const { query, lines, open } = found;
  if (query.isPending) {
    return <Busy>Loading where text was found</Busy>;
  }
  if (query.isError) {
    return (
      <QueryError
        title="Where text was found could not be read"
        error={query.error}
        onRetry={() => void query.refetch()}
      />
    );
  }
  return (
    <>
      <p className={classes.words}>
        {foundWords(lines.length)}{" "}
        <strong>The detector does not find everything: look at the whole picture yourself.</strong>{" "}
        It misses handwriting, and often text that is faint, small, turned or over tissue
        {frames.count > 1 && ", and it saw the first, the middle and the last frame only"}.
      </p>
      {lines.length > 0 && (
        <>
          <CoverButton done={open.length === 0} full={full} onClick={() => found.cover(open)}>
            {open.length === 0 ? "All of it is covered" : "Cover what was found"}
          </CoverButton>
          {full && open.length > 0 && (
            <p className={classes.none}>
              {`${MOST_REGIONS} regions are the most: make one larger, so that it covers several lines.`}
            </p>
          )}
          <ol className={classes.list}>
            {lines.map((line) => (
              <Line key={line.number} line={line} {...{ found, frames, full }} />
            ))}
          </ol>
        </>
      )}
    </>
  );
}

function Line({ line, found, frames, full }: FoundListProps & { line: FoundLine }) {
  const { number } = line;
  const isFilm = frames.count > 1;
  const words = regionWords({ ...line, frame: isFilm ? line.frame : null }, frames.count);
  const isOpen = found.open.includes(line);
  const point = () => found.pointAt(number);
  const leave = () => found.pointAt(null);
  return (
    <li className={classes.item} onMouseEnter={point} onMouseLeave={leave}>
      <div className={classes.line}>
        {isFilm ? (
          <button
            type="button"
            className={classes.choose}
            aria-label={`Show line ${number}: ${words}`}
            onFocus={point}
            onBlur={leave}
            onClick={() => frames.show(line.frame)}
          >
            {words}
          </button>
        ) : (
          <span className={classes.place}>{words}</span>
        )}
        <CoverButton
          done={!isOpen}
          full={full}
          name={`${isOpen ? "Cover" : "Covered"}: line ${number}`}
          onFocus={point}
          onBlur={leave}
          onClick={() => found.cover([line])}
        >
          {isOpen ? "Cover" : "Covered"}
        </CoverButton>
      </div>
    </li>
  );
}

interface CoverButtonProps {
  done: boolean;
  full: boolean;
  children: string;
  /** Said instead of what stands on it, where that alone does not say what is meant. */
  name?: string;
  onClick: () => void;
  onFocus?: () => void;
  onBlur?: () => void;
}

/** Stays where it is once it is done, so that the keyboard's focus does too. */
function CoverButton({ done, full, children, name, onClick, ...focus }: CoverButtonProps) {
  const off = done || full;
  return (
    <Button
      {...focus}
      variant="default"
      size="compact-xs"
      data-disabled={off || undefined}
      aria-disabled={off || undefined}
      aria-label={name}
      onClick={() => !off && onClick()}
    >
      {children}
    </Button>
  );
}
