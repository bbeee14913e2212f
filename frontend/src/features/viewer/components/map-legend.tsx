import { Tag } from "../../../shared/components/tag";
import { COLORMAPS, type ColormapName, colormapGradient } from "../lib/colormap";
import { isEmptyMap, type MapLayer } from "../lib/overlay";
import classes from "./map-legend.module.css";

interface MapLegendProps {
  layer: MapLayer;
  colormap: ColormapName;
}

/** Names the map, says whether it explains the prediction, and how its colours are to be read. */
export function MapLegend({ layer, colormap }: MapLegendProps) {
  const label = COLORMAPS.find(({ name }) => name === colormap)?.label ?? colormap;
  return (
    <div className={classes.legend}>
      <div className={classes.heading}>
        <span className={classes.kind}>{layer.kindLabel}</span>
        <Tag tone={layer.onPath ? "accent" : "warning"}>
          {layer.onPath ? "on the path to the prediction" : "auxiliary: not on the path"}
        </Tag>
      </div>
      <p className={classes.title}>{layer.title}</p>
      {layer.kind !== "index" && !isEmptyMap(layer) && (
        <div className={classes.scale}>
          <span>0</span>
          <span className={classes.ramp} style={{ background: colormapGradient(colormap) }} aria-hidden />
          <span>{layer.formatValue(layer.maximum)}</span>
          <span className={classes.colormap}>{label}</span>
        </div>
      )}
      <p className={classes.note}>
        {isEmptyMap(layer) ? "Zero everywhere: no patch raises this score." : layer.scaleNote}
      </p>
    </div>
  );
}
