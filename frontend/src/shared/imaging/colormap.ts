/** Colormaps as lookup tables of 256 RGB triples, and colours for the codes of the visual dictionary. */

import { COLORMAP_DATA } from "./colormap-data";

export type ColormapName = keyof typeof COLORMAP_DATA;

export type Rgb = readonly [number, number, number];

export const COLORMAPS: readonly { name: ColormapName; label: string; note: string }[] = [
  { name: "viridis", label: "Viridis", note: "perceptually uniform" },
  { name: "cividis", label: "Cividis", note: "uniform, for colour vision deficiency" },
  { name: "inferno", label: "Inferno", note: "perceptually uniform, dark ground" },
  { name: "jet", label: "Jet", note: "as in the paper; not uniform" },
  { name: "gray", label: "Grey", note: "luminance only" },
];

const tables = new Map<ColormapName, Uint8Array>();

/** 768 bytes: r, g, b of position 0, then of position 1 … */
export function colormapTable(name: ColormapName): Uint8Array {
  let table = tables.get(name);
  if (!table) {
    table = Uint8Array.from(atob(COLORMAP_DATA[name]), (letter) => letter.charCodeAt(0));
    tables.set(name, table);
  }
  return table;
}

/** Colour at `share` of the map, 0 to 1; outside values take the end's colour. */
export function colormapColor(name: ColormapName, share: number): Rgb {
  const table = colormapTable(name);
  const at = 3 * Math.round(255 * Math.min(1, Math.max(0, share)));
  return [table[at] as number, table[at + 1] as number, table[at + 2] as number];
}

/** A CSS gradient for legends. */
export function colormapGradient(name: ColormapName, direction = "to right"): string {
  const stops = Array.from({ length: 17 }, (_, step) => cssColor(colormapColor(name, step / 16)));
  return `linear-gradient(${direction}, ${stops.join(", ")})`;
}

export function cssColor([r, g, b]: Rgb): string {
  return `rgb(${r} ${g} ${b})`;
}

/**
 * Ten colours that stay apart on dark ground and for the common colour vision deficiencies
 * (Okabe and Ito's eight without black, with three lighter relatives).
 */
const CODE_COLORS: readonly Rgb[] = [
  [86, 180, 233],
  [230, 159, 0],
  [0, 158, 115],
  [204, 121, 167],
  [240, 228, 66],
  [213, 94, 0],
  [0, 114, 178],
  [187, 187, 187],
  [148, 103, 189],
  [140, 214, 178],
];

/** Colour of a code. Beyond ten codes hues advance by the golden angle, so neighbours stay apart. */
export function codeColor(index: number): Rgb {
  const listed = CODE_COLORS[index];
  if (listed) {
    return listed;
  }
  const hue = (index * 137.508) % 360;
  const lightness = 0.5 + 0.14 * ((index % 3) - 1);
  return hslToRgb(hue, 0.62, lightness);
}

function hslToRgb(hue: number, saturation: number, lightness: number): Rgb {
  const chroma = saturation * Math.min(lightness, 1 - lightness);
  const channel = (offset: number): number => {
    const k = (offset + hue / 30) % 12;
    return Math.round(255 * (lightness - chroma * Math.max(-1, Math.min(k - 3, 9 - k, 1))));
  };
  return [channel(0), channel(8), channel(4)];
}
