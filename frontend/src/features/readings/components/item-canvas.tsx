import { useMemo, useRef } from "react";
import type { MapPixels } from "../../../shared/api/types";
import { Busy } from "../../../shared/components/busy";
import { QueryError } from "../../../shared/components/query-error";
import { isIdentity } from "../../../shared/imaging/window-level";
import { useItemImage } from "../api/get-item-image";
import { useCameraKeys } from "../hooks/use-camera-keys";
import type { ItemDisplay } from "../hooks/use-item-display";
import { useItemPointer } from "../hooks/use-item-pointer";
import { useItemStage } from "../hooks/use-item-stage";
import { mapPicture } from "../lib/map-picture";
import classes from "./item-view.module.css";

interface ItemCanvasProps {
  /** Address of the image. */
  image: string;
  width: number;
  height: number;
  map: MapPixels | null;
  display: ItemDisplay;
  onShown?: (() => void) | undefined;
}

/** The image, as large as it fits, with its map over it. */
export function ItemCanvas({ image, width, height, map, display, onShown }: ItemCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const loaded = useItemImage(image);
  const { data: bitmap = null } = loaded;
  const picture = useMemo(
    () => bitmap && { image: bitmap, size: { width, height }, map: map && mapPicture(map) },
    [bitmap, width, height, map],
  );
  const { opacity, mapShown, held, window, setWindow } = display;
  const seen = map !== null && mapShown && !held;
  const drawn = useMemo(() => ({ opacity: seen ? opacity : 0, window }), [seen, opacity, window]);
  const stage = useItemStage(canvas, picture, drawn, onShown);
  useItemPointer({ canvas, stage, window, setWindow });
  useCameraKeys(stage);
  return (
    <div className={classes.stage}>
      <canvas
        ref={canvas}
        className={classes.canvas}
        role="img"
        aria-label={seen ? "Image to be judged, with the map over it" : "Image to be judged"}
      />
      {!isIdentity(window) && (
        <span className={classes.windowLabel}>
          Level {window.level}, width {window.width}
          {window.invert && ", inverted"}
        </span>
      )}
      {loaded.isPending && (
        <div className={classes.message}>
          <Busy>Loading the image</Busy>
        </div>
      )}
      {loaded.isError && (
        <div className={classes.message}>
          <QueryError
            title="The image could not be loaded"
            error={loaded.error}
            onRetry={() => void loaded.refetch()}
          />
        </div>
      )}
    </div>
  );
}
