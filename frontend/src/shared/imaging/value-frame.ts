/** A frame of stored values, and its way to pixels. */

import type { ValueDisplay } from "../api/types";
import type { Sampling } from "./sampling";
import type { Size } from "./transform";

export interface ValueFrame extends Size {
  /** From 0. */
  number: number;
  /** Bits of the values, row by row; colour has three a pixel. Signed ones are read by `storedValue`. */
  data: Uint8Array | Uint16Array;
}

type Layout = Pick<ValueDisplay, "values" | "bytes_per_value">;

export function samplesOf({ values }: Pick<ValueDisplay, "values">): number {
  return values === "colour" ? 3 : 1;
}

export function frameBytes({ width, height }: Size, layout: Layout): number {
  return width * height * samplesOf(layout) * layout.bytes_per_value;
}

/** Null where the bytes are not those of such a frame. */
export function readFrame(
  bytes: ArrayBuffer,
  number: number,
  { width, height }: Size,
  layout: Layout,
): ValueFrame | null {
  if (bytes.byteLength !== frameBytes({ width, height }, layout)) {
    return null;
  }
  // Every browser's machine is little endian, as the values are.
  const data = layout.bytes_per_value === 2 ? new Uint16Array(bytes) : new Uint8Array(bytes);
  return { number, width, height, data };
}

/** Writes a frame as RGBA, one 32-bit word a pixel. `table` has an entry for all bits of a value. */
export function paintFrame(
  { data }: ValueFrame,
  samples: number,
  table: Uint8Array,
  target: Uint32Array,
): void {
  if (samples === 3) {
    for (let pixel = 0, at = 0; pixel < target.length; pixel++, at += 3) {
      const r = table[data[at] as number] as number;
      const g = table[data[at + 1] as number] as number;
      const b = table[data[at + 2] as number] as number;
      target[pixel] = 0xff000000 | (b << 16) | (g << 8) | r;
    }
    return;
  }
  const grey = greyWords(table);
  for (let pixel = 0; pixel < target.length; pixel++) {
    target[pixel] = grey[data[pixel] as number] as number;
  }
}

/** Writes only some columns and rows of a frame, each pixel as `paintFrame` would. `target` has one word for each. */
export function paintSampled(
  { data, width }: ValueFrame,
  samples: number,
  table: Uint8Array,
  { columns, rows }: Pick<Sampling, "columns" | "rows">,
  target: Uint32Array,
): void {
  const grey = samples === 3 ? null : greyWords(table);
  let pixel = 0;
  for (const row of rows) {
    const start = row * width;
    for (let at = 0; at < columns.length; at++, pixel++) {
      const from = start + (columns[at] as number);
      if (grey) {
        target[pixel] = grey[data[from] as number] as number;
      } else {
        const r = table[data[3 * from] as number] as number;
        const g = table[data[3 * from + 1] as number] as number;
        const b = table[data[3 * from + 2] as number] as number;
        target[pixel] = 0xff000000 | (b << 16) | (g << 8) | r;
      }
    }
  }
}

function greyWords(table: Uint8Array): Uint32Array {
  const words = new Uint32Array(table.length);
  for (let entry = 0; entry < table.length; entry++) {
    words[entry] = 0xff000000 | ((table[entry] as number) * 0x010101);
  }
  return words;
}
