/**
 * Window and level of the base image, in 8-bit grey values.
 *
 * The window is a ramp on luminance (DICOM PS3.3 C.11.2.1.2, linear): values below it are black, above it
 * white. A colour image keeps its colour: the change of luminance is added to all three channels (constant
 * chroma), so that a brown lesion stays brown under any window, and a grey image gets exactly the table.
 */

export interface WindowLevel {
  /** Centre of the ramp, 0 to 255. */
  level: number;
  /** Length of the ramp, 2 to 512. */
  width: number;
  invert: boolean;
}

export const IDENTITY: WindowLevel = { level: 128, width: 256, invert: false };
export const LEVEL_RANGE = { min: 0, max: 255 } as const;
export const WIDTH_RANGE = { min: 2, max: 512 } as const;

export function isIdentity({ level, width, invert }: WindowLevel): boolean {
  return level === IDENTITY.level && width === IDENTITY.width && !invert;
}

/** Rounds and keeps level and width inside what the sliders offer. */
export function confineWindow(window: WindowLevel): WindowLevel {
  return {
    level: Math.round(Math.min(LEVEL_RANGE.max, Math.max(LEVEL_RANGE.min, window.level))),
    width: Math.round(Math.min(WIDTH_RANGE.max, Math.max(WIDTH_RANGE.min, window.width))),
    invert: window.invert,
  };
}

/** Output luminance for every input luminance 0 to 255. */
export function windowTable({ level, width, invert }: WindowLevel): Uint8ClampedArray {
  const table = new Uint8ClampedArray(256);
  for (let value = 0; value < 256; value++) {
    const ramp = ((value - (level - 0.5)) / (width - 1) + 0.5) * 255;
    const clamped = Math.min(255, Math.max(0, ramp));
    table[value] = invert ? 255 - clamped : clamped;
  }
  return table;
}

/** Rec. 709 luminance in integers; r = g = b gives exactly that value. */
export function luminance(r: number, g: number, b: number): number {
  return (r * 54 + g * 183 + b * 19) >> 8;
}

/** Writes the windowed pixels of `source` (RGBA) into `target`, which has the same length. */
export function applyWindow(
  source: Uint8ClampedArray,
  target: Uint8ClampedArray,
  window: WindowLevel,
): void {
  const table = windowTable(window);
  const delta = new Int16Array(256);
  for (let value = 0; value < 256; value++) {
    delta[value] = (table[value] as number) - value;
  }
  for (let at = 0; at < source.length; at += 4) {
    const r = source[at] as number;
    const g = source[at + 1] as number;
    const b = source[at + 2] as number;
    const change = delta[luminance(r, g, b)] as number;
    target[at] = r + change;
    target[at + 1] = g + change;
    target[at + 2] = b + change;
    target[at + 3] = source[at + 3] as number;
  }
}
