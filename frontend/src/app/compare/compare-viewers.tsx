import { useEffect, useMemo, useRef } from "react";
import { useCaseImage } from "../../features/cases/api/get-case-image";
import { StageCanvas, useStageCanvas } from "../../features/viewer/components/stage-canvas";
import { ToolRail } from "../../features/viewer/components/tool-rail";
import { ViewerStrip } from "../../features/viewer/components/viewer-strip";
import type { ViewerSettings } from "../../features/viewer/hooks/use-viewer-settings";
import { useViewerShortcuts } from "../../features/viewer/hooks/use-viewer-shortcuts";
import { countWords } from "../../features/viewer/lib/describe";
import type { LayerChoice } from "../../features/viewer/lib/layer-choice";
import type { ViewSync } from "../../features/viewer/lib/view-sync";
import type { Case } from "../../shared/api/types";
import { Busy } from "../../shared/components/busy";
import { QueryError } from "../../shared/components/query-error";
import classes from "./compare-page.module.css";
import { type MapChoice, type MapChoices, shownRegionOf } from "./map-choice";
import { MapMenu } from "./map-menu";
import type { Place, Side } from "./side";
import { useSideMap } from "./use-side-map";

interface CompareViewersProps {
  entry: Case;
  left: Side;
  right: Side;
  choices: MapChoices;
  onChoose: (place: Place, choice: MapChoice) => void;
  /** For both sides. */
  onLayer: (layer: LayerChoice) => void;
  settings: ViewerSettings;
  sync: ViewSync;
}

/** The image twice, with one view and one window/level; each side has its map and its region. */
export function CompareViewers(props: CompareViewersProps) {
  const { entry, left, right, choices, onChoose, onLayer, sync } = props;
  // Two images stand side by side already.
  const settings = useMemo(
    () => ({ ...props.settings, layout: "stacked" as const }),
    [props.settings],
  );
  const one = useSideViewer(entry, left, choices.left, settings, sync);
  const other = useSideViewer(entry, right, choices.right, settings, sync);
  const { stage, snapshot } = one.canvas;
  /** To go back to from the original. */
  const lastLayer = useRef<LayerChoice>("gradcam");
  const leftLayer = choices.left.layer;
  useEffect(() => {
    if (leftLayer !== "none") {
      lastLayer.current = leftLayer;
    }
  }, [leftLayer]);
  useViewerShortcuts({
    stage,
    settings,
    layouts: false,
    onLayer,
    onToggleOriginal: () => onLayer(leftLayer === "none" ? lastLayer.current : "none"),
  });
  return (
    <section className={classes.viewers} aria-label="Images">
      <ToolRail
        stage={stage}
        settings={settings}
        zoomPercent={snapshot.zoomPercent}
        layouts={false}
      />
      {(
        [
          ["left", left, one],
          ["right", right, other],
        ] as const
      ).map(([place, side, viewer]) => (
        <div key={place} className={classes.viewer} role="group" aria-label={`Image, ${place}`}>
          <MapMenu place={place} side={side} choice={choices[place]} onChoose={onChoose} />
          <StageCanvas {...viewer.props} of={viewer.canvas}>
            {viewer.image.isPending && <Busy>Loading the image</Busy>}
            {viewer.image.isError && (
              <QueryError
                title="The image could not be read"
                error={viewer.image.error}
                onRetry={() => void viewer.image.refetch()}
              />
            )}
            {!viewer.image.isError && viewer.error !== null && (
              <QueryError
                title="The maps could not be read"
                error={viewer.error}
                onRetry={viewer.retry}
              />
            )}
          </StageCanvas>
          {(one.region || other.region) && (
            <p className={classes.region}>
              {viewer.region
                ? `Region for ${viewer.region.name}: ${countWords(viewer.region.painted)}`
                : "No region painted"}
            </p>
          )}
          <ViewerStrip
            layer={viewer.props.layer}
            colormap={settings.colormap}
            probe={viewer.canvas.snapshot.probe}
          />
        </div>
      ))}
    </section>
  );
}

function useSideViewer(
  entry: Case,
  side: Side,
  choice: MapChoice,
  settings: ViewerSettings,
  sync: ViewSync,
) {
  const image = useCaseImage(entry);
  const { map, error, retry } = useSideMap(side, choice);
  const region = shownRegionOf(side, choice.optionId);
  const props = {
    image: image.data ?? null,
    imageName: entry.pseudonym,
    layer: map,
    settings,
    region: region?.painted ?? null,
    sync,
  };
  const canvas = useStageCanvas(props);
  return { props, canvas, image, region, error, retry };
}
