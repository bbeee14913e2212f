import type { ReactNode } from "react";
import { luminance } from "../../../shared/imaging/window-level";
import type { MapLayer } from "../lib/overlay";
import type { Probe } from "../lib/probe";
import { valueWords } from "../lib/value-words";
import classes from "./viewer-strip.module.css";

interface ProbeReadoutProps {
  probe: Probe | null;
  layer: MapLayer | null;
}

/** What lies under the pointer: pixel, its value as uploaded, cell of the map and the map's value. */
export function ProbeReadout({ probe, layer }: ProbeReadoutProps) {
  if (!probe) {
    return <p className={classes.probe}>Point at the image to read values.</p>;
  }
  const { x, y, rgb, measured, millimetres, cell, value } = probe;
  return (
    <div className={classes.probe} data-testid="probe">
      <dl className={classes.entries}>
        <Entry term="Pixel">
          {x}, {y}
          {millimetres && ` (${millimetres.x.toFixed(1)}, ${millimetres.y.toFixed(1)} mm)`}
        </Entry>
        {measured && (
          <Entry term="Value">
            {valueWords(measured.value, measured.display)}
            {measured.stored !== measured.value && ` (stored ${measured.stored})`}
          </Entry>
        )}
        {rgb && (
          <Entry term={isGrey(rgb) ? "Grey" : "RGB"}>
            {isGrey(rgb) ? rgb[0] : `${rgb.join(" ")} (L ${luminance(...rgb)})`}
          </Entry>
        )}
      </dl>
      {layer && cell && value !== null && (
        <dl className={classes.entries}>
          <Entry term="Row, column">
            {cell.row + 1}, {cell.column + 1}
          </Entry>
          <Entry term={layer.kindLabel}>{layer.formatValue(value)}</Entry>
        </dl>
      )}
    </div>
  );
}

function Entry({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div className={classes.entry}>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function isGrey([r, g, b]: [number, number, number]): boolean {
  return r === g && g === b;
}
