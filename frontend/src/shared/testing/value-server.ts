/** Stored values of the fixture server: a film of 12-bit frames, such as a small CT. */

import { HttpResponse, http } from "msw";
import type { CaseDisplay, Rendering, RenderingCreate, ValueDisplay } from "../api/types";

const API = "*/api/v1";

/** Hounsfield units, stored with an offset; columns lie twice as far apart as rows. */
export function makeDisplay(overrides: Partial<ValueDisplay> = {}): ValueDisplay {
  return {
    values: "grey",
    bytes_per_value: 2,
    signed: false,
    slope: 1,
    intercept: -1024,
    unit: "HU",
    lowest: -1024,
    highest: 3071,
    inverted: false,
    windows: [
      { name: "Soft tissue", center: 40, width: 400 },
      { name: "Lung", center: -600, width: 1500 },
    ],
    voi_function: "linear",
    table: null,
    spacing: { row_mm: 0.5, column_mm: 1, source: "PixelSpacing", calibrated: true },
    orientation: { left: "R", right: "L", top: "A", bottom: "P" },
    frame_ms: 100,
    ...overrides,
  };
}

export function makeRendering(overrides: Partial<Rendering> = {}): Rendering {
  return {
    frame: 0,
    window: { center: 40, width: 400 },
    voi_function: "linear",
    inverted: false,
    ...overrides,
  };
}

interface ValueState {
  /** How the case's values are shown. */
  answer: CaseDisplay;
  width: number;
  height: number;
  /** Numbers of the frames that were asked for, in order. */
  frames: number[];
  /** Renderings that predictions were asked of, in order; null: left to the server. */
  asked: (RenderingCreate | null)[];
}

const fresh = (): ValueState => ({
  answer: { display: makeDisplay(), rendering: makeRendering() },
  width: 4,
  height: 2,
  frames: [],
  asked: [],
});

export const values = fresh();

export function resetValues(): void {
  Object.assign(values, fresh());
}

/** Every value of a frame is 1000 more than its number. */
function frameOf(number: number): HttpResponse<ArrayBuffer> {
  const { display } = values.answer;
  const samples = display?.values === "colour" ? 3 : 1;
  const count = values.width * values.height * samples;
  const data =
    display?.bytes_per_value === 2
      ? new Uint16Array(count).fill(1000 + number)
      : new Uint8Array(count).fill(number);
  return HttpResponse.arrayBuffer(data.buffer, {
    headers: { "Content-Type": "application/octet-stream" },
  });
}

/** As the server completes what it is asked for. */
export function seenBy(wanted: RenderingCreate | null | undefined): Rendering | null {
  const standard = values.answer.rendering;
  if (!wanted || !standard) {
    return null;
  }
  const { frame, window, inverted } = wanted;
  return {
    ...standard,
    frame,
    window: window ?? standard.window,
    inverted: inverted ?? standard.inverted,
  };
}

export const valueHandlers = [
  http.get(`${API}/cases/:id/display`, () => HttpResponse.json(values.answer)),
  http.get(`${API}/cases/:id/frames/:frame`, ({ params }) => {
    values.frames.push(Number(params.frame));
    return frameOf(Number(params.frame));
  }),
];
