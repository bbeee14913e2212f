/** What goes into a stage and what comes out of it. */

import type { Length } from "../../../shared/imaging/measure";
import { IDENTITY, type WindowLevel } from "../../../shared/imaging/window-level";
import type { PaintCursor } from "./painter";
import type { Layout } from "./panes";
import type { Probe } from "./probe";
import type { LayerDisplay } from "./rasterize";

export interface Display extends LayerDisplay {
  layout: Layout;
  window: WindowLevel;
}

export interface StageSnapshot {
  zoomPercent: number;
  /** The image follows the size of the window until somebody zooms or pans. */
  fitted: boolean;
  probe: Probe | null;
  /** The keyboard's patch while a region is painted. */
  patch: PaintCursor | null;
  /** What the ruler measures. */
  ruler: Length | null;
  /** Frames drawn; for tests and for telling that a drawing is finished. */
  frame: number;
}

/** Before the first one was set. */
export const FIRST_DISPLAY: Display = {
  layout: "stacked",
  window: IDENTITY,
  layer: null,
  colormap: "viridis",
  opacity: 0.6,
  fadeLow: true,
};

/** Before the first frame. */
export const FIRST_SNAPSHOT: StageSnapshot = {
  zoomPercent: 100,
  fitted: true,
  probe: null,
  patch: null,
  ruler: null,
  frame: 0,
};
