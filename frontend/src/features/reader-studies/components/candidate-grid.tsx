import { IconCheck } from "@tabler/icons-react";
import type { StudyCandidate } from "../../../shared/api/types";
import { useRovingFocus } from "../../../shared/hooks/use-roving-focus";
import { refKey } from "../lib/design";
import classes from "./images-step.module.css";

interface CandidateGridProps {
  items: readonly StudyCandidate[];
  chosen: ReadonlySet<string>;
  onToggle: (item: StudyCandidate) => void;
}

/** Thumbnails that are taken and put back by a click, or by arrow keys and Space. */
export function CandidateGrid({ items, chosen, onToggle }: CandidateGridProps) {
  const { onKeyDown, isTabbable, setCurrent } = useRovingFocus({ sideways: true });
  return (
    <div className={classes.grid} role="group" aria-label="Thumbnails" onKeyDown={onKeyDown}>
      {items.map((item, at) => {
        const key = refKey(item.ref);
        const taken = chosen.has(key);
        return (
          <button
            key={key}
            type="button"
            className={classes.tile}
            aria-pressed={taken}
            aria-label={`${item.label}${item.class_name ? `, ${item.class_name}` : ""}`}
            title={[item.label, item.class_name, item.dataset].filter(Boolean).join(" · ")}
            data-roving
            tabIndex={isTabbable(key, at === 0) ? 0 : -1}
            onFocus={() => setCurrent(key)}
            onClick={() => onToggle(item)}
          >
            <Thumbnail address={item.thumbnail} />
            <span className={classes.caption}>{item.class_name ?? item.label}</span>
            {taken && <IconCheck size={14} className={classes.mark} aria-hidden />}
          </button>
        );
      })}
    </div>
  );
}

/** A small picture, at an address below the API's; or an empty square where there is none. */
export function Thumbnail({ address }: { address: string | null | undefined }) {
  return address ? (
    <img className={classes.thumbnail} src={`/api/v1${address}`} alt="" loading="lazy" />
  ) : (
    <span className={classes.thumbnail} />
  );
}
