import {
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
  useEffect,
  useMemo,
  useRef,
} from "react";
import { lengthWords } from "../../../shared/imaging/measure";
import { IDENTITY, isIdentity } from "../../../shared/imaging/window-level";
import type { KeptValues } from "../hooks/use-kept-values";
import { type ShownFrame, useShownValues } from "../hooks/use-shown-values";
import { useStage } from "../hooks/use-stage";
import { type BeginWindow, useStagePointer } from "../hooks/use-stage-pointer";
import type { Tool, ViewerSettings } from "../hooks/use-viewer-settings";
import { describeCanvas, describePatch } from "../lib/describe";
import type { MapLayer } from "../lib/overlay";
import type { PaintedRegion, PaintTarget } from "../lib/paint";
import type { Stage } from "../lib/stage";
import type { StageSnapshot } from "../lib/stage-state";
import { presetName, renderingWords, shadingWords } from "../lib/value-words";
import type { ViewSync } from "../lib/view-sync";
import classes from "./viewer.module.css";

export interface StageCanvasProps {
  /** Null while it loads. */
  image: ImageBitmap | null;
  /** Of a case that keeps values: shown instead of the image. */
  values?: KeptValues | null;
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

/** Grey values of an ordinary picture per CSS pixel of dragging. */
const WINDOW_SPEED = 0.75;

/** The canvas with its stage, its pointer and its keys. Tools and legend stand around it. */
export function useStageCanvas(props: StageCanvasProps) {
  const { image, values = null, layer, settings } = props;
  const { paint = null, region = null, sync = null } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const { layout, window, colormap, opacity, fadeLow, tool, setWindow } = settings;
  const frame = useShownValues(values);
  // Values have a window of their own, which is not one of 8-bit grey.
  const shownWindow = values ? IDENTITY : window;
  const display = useMemo(
    () => ({ layout, window: shownWindow, layer, colormap, opacity, fadeLow }),
    [layout, shownWindow, layer, colormap, opacity, fadeLow],
  );
  const { stage, snapshot } = useStage(canvas, image, display, frame.shown);
  const beginWindow: BeginWindow = () =>
    values
      ? values.view.beginDrag()
      : (dx, dy) =>
          setWindow({
            width: window.width + dx * WINDOW_SPEED,
            level: window.level + dy * WINDOW_SPEED,
          });
  useStagePointer({ canvas, stage, tool, beginWindow });
  useEffect(() => {
    if (tool !== "ruler") {
      stage?.ruler.clear();
    }
  }, [stage, tool]);
  useEffect(() => stage?.setPaint(paint), [stage, paint]);
  useEffect(() => stage?.setRegion(region), [stage, region]);
  useBorrowedFocus(canvas, paint?.takesFocus ?? false);
  useEffect(() => (stage ? sync?.attach(stage) : undefined), [stage, sync]);
  return { canvas, stage, snapshot, frame };
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
  const { values = null } = props;
  const { canvas, stage, snapshot, frame } = of;
  const { window, tool } = settings;
  const seen =
    frame.shown &&
    values &&
    renderingWords(frame.shown.rendering, frame.shown.display, values.view.frames);
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
        aria-label={describeCanvas(imageName, layer, paint, region, seen)}
        onKeyDown={(event) => stage && onKey(event, stage, tool)}
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
      {frame.shown && <ValueLabel frame={frame} />}
      {snapshot.ruler && (
        <span className={classes.rulerLabel} aria-live="polite" data-testid="ruler">
          {lengthWords(snapshot.ruler)}
        </span>
      )}
      {!values && !isIdentity(window) && (
        <span className={classes.windowLabel}>
          Level {window.level}, width {window.width}
          {window.invert && ", inverted"}
        </span>
      )}
      {children && <div className={classes.message}>{children}</div>}
    </div>
  );
}

/** How the values are shown, and by what name; what is drawn may lag behind what is asked for. */
function ValueLabel({ frame: { shown, loading } }: { frame: ShownFrame }) {
  if (!shown) {
    return null;
  }
  const { rendering, display } = shown;
  const name = presetName(rendering, display);
  const words = shadingWords(rendering, display);
  const late = loading ? `Frame ${shown.frame.number + 1} until the next one is there` : null;
  const parts = [late, name && words !== "" ? `${name}: ${words}` : words].filter(Boolean);
  return parts.length > 0 ? (
    <span className={classes.windowLabel} data-testid="window">
      {parts.join(" · ")}
    </span>
  ) : null;
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

function onKey(event: KeyboardEvent, stage: Stage, tool: Tool): void {
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
  } else if (event.key === "Enter" && tool === "ruler") {
    event.preventDefault();
    stage.markRuler();
  } else if (event.key === "Escape" && tool === "ruler" && stage.ruler.clear()) {
    event.preventDefault();
  } else if (event.key === "Escape" && stage.painter.active) {
    event.preventDefault();
    if (!stage.painter.cancel()) {
      stage.painter.leave();
    }
  }
}
