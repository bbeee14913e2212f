import { Tag } from "../../../shared/components/tag";
import { COLORMAPS, type ColormapName, colormapGradient } from "../../../shared/imaging/colormap";
import { isEmptyMap, type MapLayer } from "../lib/overlay";
import classes from "./viewer-strip.module.css";

interface MapLegendProps {
  layer: MapLayer;
  colormap: ColormapName;
}

/** Names the map, says whether it explains the prediction, and how its colours are to be read. */
export function MapLegend({ layer, colormap }: MapLegendProps) {
  const label = COLORMAPS.find(({ name }) => name === colormap)?.label ?? colormap;
  const empty = isEmptyMap(layer);
  const note = empty ? "Zero everywhere: no patch raises this score." : layer.scaleNote;
  return (
    <div className={classes.legend} data-testid="legend">
      <div className={classes.line}>
        <span className={classes.kind}>{layer.kindLabel}</span>
        <span className={classes.title} title={layer.title}>
          {layer.title}
        </span>
        <Tag tone={layer.onPath ? "accent" : "warning"}>
          {layer.onPath ? "On the path to the prediction" : "Auxiliary: not on the path"}
        </Tag>
      </div>
      <div className={classes.line}>
        {layer.kind !== "index" && !empty && (
          <span className={classes.scale}>
            <span>0</span>
            <span
              className={classes.ramp}
              style={{ background: colormapGradient(colormap) }}
              aria-hidden
            />
            <span>{layer.formatValue(layer.maximum)}</span>
            <span className={classes.dim}>{label}</span>
          </span>
        )}
        <span className={classes.note} title={note}>
          {note}
        </span>
      </div>
    </div>
  );
}
