import { type KeyboardEvent, type ReactNode, useMemo, useRef } from "react";
import { useStage } from "../hooks/use-stage";
import { useStagePointer } from "../hooks/use-stage-pointer";
import type { ViewerSettings } from "../hooks/use-viewer-settings";
import { useViewerShortcuts } from "../hooks/use-viewer-shortcuts";
import type { LayerChoice } from "../lib/layer-choice";
import type { MapLayer } from "../lib/overlay";
import type { Display, Stage } from "../lib/stage";
import { isIdentity } from "../lib/window-level";
import { LayerBar } from "./layer-bar";
import { ToolRail } from "./tool-rail";
import classes from "./viewer.module.css";
import { ViewerStrip } from "./viewer-strip";

interface ViewerProps {
  /** Null while it loads. */
  image: ImageBitmap | null;
  /** For the canvas's description. */
  imageName: string;
  /** Which kind of map is chosen, and the map itself once it is there. */
  choice: LayerChoice;
  layer: MapLayer | null;
  hasMaps: boolean;
  settings: ViewerSettings;
  onLayer: (layer: LayerChoice) => void;
  onToggleOriginal: () => void;
  /** Shown over the canvas: loading, an error. */
  children?: ReactNode;
}

/** The image with one map over it or beside it, on a 2D canvas. */
export function Viewer(props: ViewerProps) {
  const { image, imageName, choice, layer, hasMaps, settings, onLayer, onToggleOriginal } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const { layout, window, colormap, opacity, fadeLow, tool, setWindow } = settings;
  const display = useMemo<Display>(
    () => ({ layout, window, layer, colormap, opacity, fadeLow }),
    [layout, window, layer, colormap, opacity, fadeLow],
  );
  const { stage, snapshot } = useStage(canvas, image, display);
  useStagePointer({ canvas, stage, tool, window, setWindow });
  useViewerShortcuts({ stage, settings, onLayer, onToggleOriginal });

  return (
    <section className={classes.viewer} aria-label="Image viewer">
      <LayerBar layer={choice} onLayer={onLayer} hasMaps={hasMaps} settings={settings} />
      <div className={classes.body}>
        <ToolRail stage={stage} settings={settings} zoomPercent={snapshot.zoomPercent} />
        <div className={classes.stage}>
          <canvas
            ref={canvas}
            className={classes.canvas}
            data-tool={tool}
            data-frame={snapshot.frame}
            tabIndex={0}
            role="img"
            aria-label={describe(imageName, layer)}
            onKeyDown={(event) => stage && onArrow(event, stage)}
          />
          {layout === "side-by-side" && (
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
          {props.children && <div className={classes.message}>{props.children}</div>}
        </div>
      </div>
      <ViewerStrip layer={layer} colormap={colormap} probe={snapshot.probe} />
    </section>
  );
}

const PAN_STEP = 40;
const ARROWS: Record<string, readonly [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

function onArrow(event: KeyboardEvent, stage: Stage): void {
  const direction = ARROWS[event.key];
  if (!direction) {
    return;
  }
  event.preventDefault();
  const [x, y] = direction;
  if (event.shiftKey) {
    stage.stepProbe(x, y);
  } else {
    stage.pan(-x * PAN_STEP, -y * PAN_STEP);
  }
}

function describe(imageName: string, layer: MapLayer | null): string {
  const map = layer ? `with ${layer.kindLabel} of ${layer.title}` : "without a map";
  return `Image of ${imageName}, ${map}. Arrow keys move it, Shift and arrow keys move the probe.`;
}
