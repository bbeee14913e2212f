/** Right of the image. */
export type PanelTab = "concepts" | "what-if" | "labels" | "codebook" | "case";

export const PANEL_TABS: readonly PanelTab[] = [
  "concepts",
  "what-if",
  "labels",
  "codebook",
  "case",
];
