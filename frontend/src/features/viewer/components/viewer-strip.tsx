import { Button } from "@mantine/core";
import type { ColormapName } from "../../../shared/imaging/colormap";
import type { MapLayer } from "../lib/overlay";
import type { Probe } from "../lib/probe";
import { MapLegend } from "./map-legend";
import { ProbeReadout } from "./probe-readout";
import classes from "./viewer-strip.module.css";

interface ViewerStripProps {
  layer: MapLayer | null;
  colormap: ColormapName;
  probe: Probe | null;
  /** Set while another frame is shown than the one that maps and painted regions belong to. */
  elsewhere?: MapsElsewhere | null;
}

export interface MapsElsewhere {
  /** From 0. */
  frame: number;
  /** Whether a map is chosen, which would be drawn there. */
  wanted: boolean;
  onGo: () => void;
}

/**
 * Below the image, so that nothing lies over it: the legend and the values under the pointer. Always of one
 * height, so that going from map to map does not move the image.
 */
export function ViewerStrip({ layer, colormap, probe, elsewhere = null }: ViewerStripProps) {
  return (
    <div className={classes.strip}>
      {elsewhere ? (
        <Elsewhere {...elsewhere} />
      ) : layer ? (
        <MapLegend layer={layer} colormap={colormap} />
      ) : (
        <div className={classes.legend}>
          <div className={classes.line}>
            <span className={classes.kind}>Original</span>
            <span className={classes.note}>No map over the image.</span>
          </div>
        </div>
      )}
      <ProbeReadout probe={probe} layer={layer} />
    </div>
  );
}

/** Maps lie only on what the model saw; who has moved on reads where they are. */
function Elsewhere({ frame, wanted, onGo }: MapsElsewhere) {
  const place = `frame ${frame + 1}`;
  return (
    <div className={classes.legend} role="status">
      <div className={classes.line}>
        <span className={classes.kind}>{wanted ? "Map not shown here" : "Original"}</span>
        <Button variant="default" size="compact-xs" className={classes.go} onClick={onGo}>
          Go to {place}
        </Button>
      </div>
      <div className={classes.line}>
        <span className={classes.note}>
          Maps and regions belong to {place}, which the model saw.
        </span>
      </div>
    </div>
  );
}
