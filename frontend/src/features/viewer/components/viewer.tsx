import { Busy } from "../../../shared/components/busy";
import { QueryError } from "../../../shared/components/query-error";
import { useValueState } from "../hooks/use-shown-values";
import { useViewerShortcuts } from "../hooks/use-viewer-shortcuts";
import type { LayerChoice } from "../lib/layer-choice";
import { FrameBar } from "./frame-bar";
import { LayerBar } from "./layer-bar";
import { StageCanvas, type StageCanvasProps, useStageCanvas } from "./stage-canvas";
import { ToolRail } from "./tool-rail";
import classes from "./viewer.module.css";
import { ViewerStrip } from "./viewer-strip";

interface ViewerProps extends StageCanvasProps {
  /** Which kind of map is chosen; the map itself is there once it is loaded. */
  choice: LayerChoice;
  hasMaps: boolean;
  /** From 0: the frame that maps and painted regions belong to; null: none, or there is no prediction. */
  seenFrame?: number | null;
  onLayer: (layer: LayerChoice) => void;
  onToggleOriginal: () => void;
}

/** The image with one map over it or beside it, on a 2D canvas. */
export function Viewer(props: ViewerProps) {
  const { choice, layer, hasMaps, settings, seenFrame = null, onLayer, onToggleOriginal } = props;
  const canvas = useStageCanvas(props);
  const { stage, snapshot, frame } = canvas;
  const { values = null } = props;
  const view = values?.view ?? null;
  const frameNow = useValueState(view, ({ rendering }) => rendering.frame, null);
  const elsewhere =
    view && seenFrame !== null && frameNow !== seenFrame
      ? { frame: seenFrame, wanted: choice !== "none", onGo: () => view.goTo(seenFrame) }
      : null;
  useViewerShortcuts({ stage, settings, onLayer, onToggleOriginal, values: view });

  return (
    <section className={classes.viewer} aria-label="Image viewer">
      <LayerBar layer={choice} onLayer={onLayer} hasMaps={hasMaps} settings={settings} />
      <div className={classes.body}>
        <ToolRail
          stage={stage}
          settings={settings}
          zoomPercent={snapshot.zoomPercent}
          painting={Boolean(props.paint)}
          values={view}
        />
        <StageCanvas {...props} of={canvas}>
          {frame.error ? (
            <QueryError
              title="The frame could not be read"
              error={frame.error}
              onRetry={frame.retry}
            />
          ) : frame.loading && !frame.shown ? (
            <Busy>Loading the image</Busy>
          ) : (
            props.children
          )}
        </StageCanvas>
      </div>
      {values && values.view.frames > 1 && <FrameBar values={values} loading={frame.loading} />}
      <ViewerStrip
        layer={layer}
        colormap={settings.colormap}
        probe={snapshot.probe}
        elsewhere={elsewhere}
      />
    </section>
  );
}
