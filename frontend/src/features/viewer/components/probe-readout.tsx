import type { MapLayer } from "../lib/overlay";
import type { Probe } from "../lib/stage";
import { luminance } from "../lib/window-level";
import classes from "./probe-readout.module.css";

interface ProbeReadoutProps {
  probe: Probe | null;
  layer: MapLayer | null;
}

/** What lies under the pointer: pixel, its value as uploaded, cell of the map and the map's value. */
export function ProbeReadout({ probe, layer }: ProbeReadoutProps) {
  if (!probe) {
    return null;
  }
  const { x, y, rgb, cell, value } = probe;
  return (
    <dl className={classes.readout} data-testid="probe">
      <Row term="Pixel">
        {x}, {y}
      </Row>
      {rgb && <Row term={isGrey(rgb) ? "Grey" : "RGB"}>{isGrey(rgb) ? rgb[0] : rgb.join(" ")}</Row>}
      {rgb && !isGrey(rgb) && <Row term="Luminance">{luminance(...rgb)}</Row>}
      {layer && cell && value !== null && (
        <>
          <Row term="Cell">
            row {cell.row + 1}, column {cell.column + 1}
          </Row>
          <Row term={layer.kindLabel}>{layer.formatValue(value)}</Row>
        </>
      )}
    </dl>
  );
}

function Row({ term, children }: { term: string; children: React.ReactNode }) {
  return (
    <div className={classes.row}>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function isGrey([r, g, b]: [number, number, number]): boolean {
  return r === g && g === b;
}
