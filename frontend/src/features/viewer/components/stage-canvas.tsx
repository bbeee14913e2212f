import {
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
  useEffect,
  useMemo,
  useRef,
} from "react";
import { isIdentity } from "../../../shared/imaging/window-level";
import { useStage } from "../hooks/use-stage";
import { useStagePointer } from "../hooks/use-stage-pointer";
import type { ViewerSettings } from "../hooks/use-viewer-settings";
import { describeCanvas, describePatch } from "../lib/describe";
import type { MapLayer } from "../lib/overlay";
import type { PaintedRegion, PaintTarget } from "../lib/paint";
import type { Stage } from "../lib/stage";
import type { StageSnapshot } from "../lib/stage-state";
import type { ViewSync } from "../lib/view-sync";
import classes from "./viewer.module.css";

export interface StageCanvasProps {
  /** Null while it loads. */
  image: ImageBitmap | null;
  /** For the canvas's description. */
  imageName: string;
  layer: MapLayer | null;
  settings: ViewerSettings;
  /** While set, dragging and the keyboard paint a region of patches. */
  paint?: PaintTarget | null;
  /** A region that is only shown; what is being painted is drawn instead of it. */
  region?: PaintedRegion | null;
  /** Zoom and pan in common with other canvases. */
  sync?: ViewSync | null;
  /** Shown over the canvas: loading, an error. */
  children?: ReactNode;
}

/** The canvas with its stage, its pointer and its keys. Tools and legend stand around it. */
export function useStageCanvas(props: StageCanvasProps) {
  const { image, layer, settings, paint = null, region = null, sync = null } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const { layout, window, colormap, opacity, fadeLow, tool, setWindow } = settings;
  const display = useMemo(
    () => ({ layout, window, layer, colormap, opacity, fadeLow }),
    [layout, window, layer, colormap, opacity, fadeLow],
  );
  const { stage, snapshot } = useStage(canvas, image, display);
  useStagePointer({ canvas, stage, tool, window, setWindow });
  useEffect(() => stage?.setPaint(paint), [stage, paint]);
  useEffect(() => stage?.setRegion(region), [stage, region]);
  useBorrowedFocus(canvas, paint?.takesFocus ?? false);
  useEffect(() => (stage ? sync?.attach(stage) : undefined), [stage, sync]);
  return { canvas, stage, snapshot };
}

/** Gives the canvas the focus while `borrows`, and back afterwards unless it has gone elsewhere. */
function useBorrowedFocus(canvas: RefObject<HTMLCanvasElement | null>, borrows: boolean): void {
  useEffect(() => {
    if (!borrows) {
      return;
    }
    const lender = document.activeElement;
    const borrower = canvas.current;
    borrower?.focus();
    return () => {
      if (lender instanceof HTMLElement && document.activeElement === borrower) {
        lender.focus();
      }
    };
  }, [canvas, borrows]);
}

interface StageCanvasViewProps extends StageCanvasProps {
  of: ReturnType<typeof useStageCanvas>;
}

export function StageCanvas({ of, ...props }: StageCanvasViewProps) {
  const { imageName, layer, settings, paint = null, region = null, children } = props;
  const { canvas, stage, snapshot } = of;
  const { window, tool } = settings;
  return (
    <div className={classes.stage}>
      <canvas
        ref={canvas}
        className={classes.canvas}
        data-tool={tool}
        data-painting={paint?.tool}
        data-frame={snapshot.frame}
        tabIndex={0}
        // A screen reader passes arrow keys on to an application, not to a picture.
        role={paint ? "application" : "img"}
        aria-label={describeCanvas(imageName, layer, paint, region)}
        onKeyDown={(event) => stage && onKey(event, stage)}
      />
      {paint && <PatchSaid snapshot={snapshot} />}
      {settings.layout === "side-by-side" && (
        <>
          <span className={classes.paneLabel} data-side="left">
            Original
          </span>
          <span className={classes.paneLabel} data-side="right">
            {layer ? "With map" : "No map chosen"}
          </span>
        </>
      )}
      {!isIdentity(window) && (
        <span className={classes.windowLabel}>
          Level {window.level}, width {window.width}
          {window.invert && ", inverted"}
        </span>
      )}
      {children && <div className={classes.message}>{children}</div>}
    </div>
  );
}

function PatchSaid({ snapshot }: { snapshot: StageSnapshot }) {
  return (
    <span className="visually-hidden" aria-live="polite">
      {snapshot.patch && describePatch(snapshot.patch)}
    </span>
  );
}

const PAN_STEP = 40;
const ARROWS: Record<string, readonly [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

function onKey(event: KeyboardEvent, stage: Stage): void {
  const [x, y] = ARROWS[event.key] ?? [0, 0];
  if (x !== 0 || y !== 0) {
    event.preventDefault();
    if (event.shiftKey) {
      stage.stepProbe(x, y);
    } else if (stage.painter.active) {
      stage.stepPatch(x, y);
    } else {
      stage.pan(-x * PAN_STEP, -y * PAN_STEP);
    }
  } else if (event.key === "Enter" && stage.painter.active) {
    event.preventDefault();
    stage.painter.toggle();
  } else if (event.key === "Escape" && stage.painter.active) {
    event.preventDefault();
    if (!stage.painter.cancel()) {
      stage.painter.leave();
    }
  }
}
