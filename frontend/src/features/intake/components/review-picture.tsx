import { type CSSProperties, useEffect, useId, useLayoutEffect, useRef } from "react";
import type { Case } from "../../../shared/api/types";
import { useDrawing } from "../hooks/use-drawing";
import type { FoundText } from "../hooks/use-found-text";
import type { Frames } from "../hooks/use-frames";
import type { Regions } from "../hooks/use-regions";
import { regionsIn } from "../lib/regions";
import { FoundOutlines } from "./found-outlines";
import { FramePicture } from "./frame-picture";
import { RegionBox } from "./region-box";
import classes from "./review-picture.module.css";

interface ReviewPictureProps {
  entry: Case;
  frames: Frames;
  regions: Regions;
  /** What is drawn with the mouse belongs to this frame; null: to all. */
  drawnFrame: number | null;
  black: boolean;
  found: FoundText;
  /** 1: the whole picture fits. */
  zoom: number;
}

/** The picture with the rectangles on it, to draw on. */
export function ReviewPicture(props: ReviewPictureProps) {
  const { entry, frames, regions, drawnFrame, black, found, zoom } = props;
  const layer = useRef<HTMLDivElement>(null);
  const stage = useCentre(zoom);
  const hintId = useId();
  useDrawing({ layer, size: entry, regions, frame: drawnFrame });
  const { addedId } = regions;
  useEffect(() => {
    if (addedId !== null) {
      layer.current?.querySelector<HTMLElement>(`[data-region="${addedId}"]`)?.focus();
    }
  }, [addedId]);

  const shown = new Set(regionsIn(regions.all, frames.frame));
  const place = frames.count > 1 ? `, frame ${frames.frame + 1} of ${frames.count}` : "";
  const measures = { "--zoom": zoom, "--ratio": entry.width / entry.height } as CSSProperties;
  return (
    <section
      ref={stage}
      className={classes.stage}
      aria-label="Picture and regions"
      data-zoomed={zoom > 1 || undefined}
      tabIndex={zoom > 1 ? 0 : undefined}
    >
      <div className={classes.picture} style={measures}>
        <FramePicture
          entry={entry}
          frame={frames.frame}
          name={`Picture of ${entry.pseudonym}${place}`}
          onShown={frames.onShown}
        />
        <FoundOutlines
          lines={found.open.filter(({ frame }) => frame === frames.frame)}
          size={entry}
          pointedAt={found.pointedAt}
        />
        <div ref={layer} className={classes.layer} data-testid="drawing-layer">
          {regions.all.map(
            (region, at) =>
              shown.has(region) && (
                <RegionBox
                  key={region.id}
                  region={region}
                  number={at + 1}
                  regions={regions}
                  size={entry}
                  frames={frames.count}
                  black={black}
                  hintId={hintId}
                />
              ),
          )}
        </div>
      </div>
      <p id={hintId} className="visually-hidden">
        Arrow keys move the region, with Shift they resize it, Delete removes it.
      </p>
    </section>
  );
}

/** What is in the middle stays there when the zoom changes. */
function useCentre(zoom: number) {
  const stage = useRef<HTMLElement>(null);
  const centre = useRef({ x: 0.5, y: 0.5 });
  useEffect(() => {
    const element = stage.current;
    const onScroll = () => {
      if (element) {
        centre.current = {
          x: (element.scrollLeft + element.clientWidth / 2) / element.scrollWidth,
          y: (element.scrollTop + element.clientHeight / 2) / element.scrollHeight,
        };
      }
    };
    element?.addEventListener("scroll", onScroll);
    return () => element?.removeEventListener("scroll", onScroll);
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the zoom decides how much there is to scroll
  useLayoutEffect(() => {
    const element = stage.current;
    if (element) {
      const { x, y } = centre.current;
      element.scrollLeft = x * element.scrollWidth - element.clientWidth / 2;
      element.scrollTop = y * element.scrollHeight - element.clientHeight / 2;
    }
  }, [zoom]);
  return stage;
}
