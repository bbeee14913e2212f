import { describe, expect, it } from "vitest";
import computed from "../../../../tests/support/rendering.json";
import type { Rendering, ValueDisplay } from "../api/types";
import { makeDisplay, makeRendering } from "../testing/value-server";
import { paintFrame, readFrame, samplesOf } from "./value-frame";
import { brightnessTable, effectiveWindow, storedValue } from "./value-window";

interface RenderingCase {
  name: string;
  height: number;
  width: number;
  values: number[];
  display: ValueDisplay;
  rendering: Rendering;
  expected: number[];
}

/** Computed by the server's renderer. */
const CASES = computed as unknown as RenderingCase[];

function bytesOf({ values, display }: RenderingCase): ArrayBuffer {
  const data = display.bytes_per_value === 2 ? Uint16Array.from(values) : Uint8Array.from(values);
  return data.buffer;
}

/** Grey as one number a pixel, colour as three. */
function seen(given: RenderingCase): number[] {
  const { width, height, display, rendering } = given;
  const frame = readFrame(bytesOf(given), 0, { width, height }, display);
  if (!frame) {
    throw new Error("The case has too few or too many values.");
  }
  const pixels = new Uint32Array(width * height);
  const samples = samplesOf(display);
  paintFrame(frame, samples, brightnessTable(display, rendering), pixels);
  const bytes = [...new Uint8Array(pixels.buffer)];
  return bytes.filter((_, at) => at % 4 < samples);
}

describe("rendering", () => {
  it("has the server's cases", () => {
    expect(CASES.length).toBeGreaterThan(20);
  });

  it.each(CASES.map((given) => [given.name, given] as const))("%s: as the server", (_, given) => {
    const levels = seen(given);
    expect(levels).toHaveLength(given.expected.length);
    const apart = levels.map((level, at) => Math.abs(level - (given.expected[at] as number)));
    expect(Math.max(...apart)).toBeLessThanOrEqual(1);
  });

  it("reads signed bits", () => {
    expect(storedValue({ bytes_per_value: 2, signed: true }, 0xffff)).toBe(-1);
    expect(storedValue({ bytes_per_value: 2, signed: false }, 0xffff)).toBe(65535);
    expect(storedValue({ bytes_per_value: 1, signed: true }, 0x80)).toBe(-128);
  });

  it("takes the file's first window where none is chosen, and none for a table", () => {
    const unset = makeRendering({ window: null });
    expect(effectiveWindow(makeDisplay(), unset)).toMatchObject({ center: 40, width: 400 });
    const table = { name: "Table", first: 0, bits: 8, entries: [0, 255] };
    expect(effectiveWindow(makeDisplay({ table }), unset)).toBeNull();
  });

  it("refuses a frame of another size", () => {
    expect(readFrame(new ArrayBuffer(7), 0, { width: 2, height: 2 }, makeDisplay())).toBeNull();
  });
});
