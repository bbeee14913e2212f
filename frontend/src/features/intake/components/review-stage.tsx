import { type ReactNode, useEffect, useRef, useState } from "react";
import type { Case } from "../../../shared/api/types";
import { useFoundText } from "../hooks/use-found-text";
import { useFrames } from "../hooks/use-frames";
import { type Regions, useRegions } from "../hooks/use-regions";
import { keptFrames } from "../lib/frames";
import { MOST_REGIONS } from "../lib/regions";
import { FilmBar } from "./film-bar";
import { FoundList } from "./found-list";
import { RegionList } from "./region-list";
import { ReviewConfirm } from "./review-confirm";
import { ReviewPicture } from "./review-picture";
import classes from "./review-stage.module.css";
import { ReviewToolbar } from "./review-toolbar";
import { Suspects } from "./suspects";

interface ReviewStageProps {
  entry: Case;
  onReviewed: () => void;
  /** What else there is to say and do about the case. */
  children: ReactNode;
}

/** In place of the explanation, until a person has looked for text in the pixels. */
export function ReviewStage({ entry, onReviewed, children }: ReviewStageProps) {
  const regions = useRegions(entry);
  const frames = useFrames(keptFrames(entry));
  const [black, setBlack] = useState(false);
  const [zoom, setZoom] = useState(1);
  const [onlyThisFrame, setOnlyThisFrame] = useState(false);
  const tools = useFocusAfterRemoval(regions);
  const isFilm = frames.count > 1;
  const found = useFoundText(entry, regions, isFilm && onlyThisFrame);
  const drawnFrame = isFilm && onlyThisFrame ? frames.frame : null;
  return (
    <div className={classes.workspace}>
      <section ref={tools} className={classes.left} aria-label="Picture to look at">
        <ReviewToolbar
          regions={regions}
          size={entry}
          drawnFrame={drawnFrame}
          isFilm={isFilm}
          onlyThisFrame={onlyThisFrame}
          onOnlyThisFrame={setOnlyThisFrame}
          black={black}
          onBlack={setBlack}
          zoom={zoom}
          onZoom={setZoom}
        />
        <ReviewPicture
          entry={entry}
          frames={frames}
          regions={regions}
          drawnFrame={drawnFrame}
          black={black}
          found={found}
          zoom={zoom}
        />
        {isFilm && <FilmBar frames={frames} />}
      </section>
      <aside className={classes.panel} aria-label="Review of the pixels">
        <div className={classes.scroll}>
          <Suspects entry={entry} />
          <section className={classes.part} aria-labelledby="review-found">
            <h2 id="review-found">Text that was found</h2>
            <FoundList found={found} frames={frames} full={regions.all.length >= MOST_REGIONS} />
          </section>
          <section className={classes.part} aria-labelledby="review-regions">
            <h2 id="review-regions">Regions to black out</h2>
            <RegionList regions={regions} size={entry} frames={frames} />
          </section>
          {children}
        </div>
        <ReviewConfirm
          entry={entry}
          regions={regions.all}
          open={found.open.length}
          frames={frames}
          onReviewed={() => {
            regions.forget();
            onReviewed();
          }}
        />
      </aside>
    </div>
  );
}

/** Where the region that had the keyboard's focus is gone, the focus goes to the way to add another one. */
function useFocusAfterRemoval(regions: Regions) {
  const root = useRef<HTMLElement>(null);
  const count = useRef(0);
  useEffect(() => {
    const removed = regions.all.length < count.current;
    count.current = regions.all.length;
    if (removed && document.activeElement === document.body) {
      root.current?.querySelector<HTMLElement>("button:not(:disabled)")?.focus();
    }
  }, [regions.all]);
  return root;
}
