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
}

/**
 * Below the image, so that nothing lies over it: the legend and the values under the pointer. Always of one
 * height, so that going from map to map does not move the image.
 */
export function ViewerStrip({ layer, colormap, probe }: ViewerStripProps) {
  return (
    <div className={classes.strip}>
      {layer ? (
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
