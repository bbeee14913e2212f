/** Keys of the viewer, for the help sheet. `use-viewer-shortcuts` and the canvas act on them. */
export const VIEWER_SHORTCUTS: readonly { keys: readonly string[]; action: string }[] = [
  { keys: ["F"], action: "Fit the image to the window" },
  { keys: ["1"], action: "One image pixel on one screen pixel" },
  { keys: ["+", "−"], action: "Zoom in, out" },
  { keys: ["Arrows"], action: "Move the image (when the image has the focus)" },
  { keys: ["Shift + Arrows"], action: "Move the probe from cell to cell (same)" },
  { keys: ["W"], action: "Window/level with the left button, and back" },
  { keys: ["I"], action: "Invert" },
  { keys: ["R"], action: "Reset window/level" },
  { keys: ["V"], action: "Next window preset (DICOM, 16 bits)" },
  { keys: ["D"], action: "Measure a distance, and back; Esc takes it away" },
  {
    keys: ["Enter"],
    action: "Set an end of the ruler at the probe (when the image has the focus)",
  },
  { keys: ["Page ↑", "Page ↓"], action: "Previous, next frame" },
  { keys: ["A"], action: "Play the frames, pause" },
  { keys: ["G"], action: "Grad-CAM of the chosen option" },
  { keys: ["M"], action: "Magnet map of the chosen group" },
  { keys: ["X"], action: "Index map (auxiliary)" },
  { keys: ["O"], action: "Original without a map, and back" },
  { keys: ["S"], action: "Side by side, stacked" },
  { keys: ["C"], action: "Next colormap" },
  { keys: ["[", "]"], action: "Map less, more opaque" },
];

export const MOUSE_ACTIONS: readonly { keys: readonly string[]; action: string }[] = [
  { keys: ["Wheel"], action: "Zoom at the pointer" },
  { keys: ["Drag"], action: "Move the image (in window/level mode: with Space held)" },
  { keys: ["Middle drag"], action: "Move the image, in any mode" },
  { keys: ["Right drag"], action: "Window (left–right) and level (up–down)" },
];

/** While a region is painted; for the help sheet. */
export const PAINT_SHORTCUTS: readonly { keys: readonly string[]; action: string }[] = [
  { keys: ["Drag"], action: "Paint; with Shift take away" },
  { keys: ["Space + Drag"], action: "Move the image; also middle drag, or two fingers" },
  { keys: ["Arrows"], action: "From patch to patch (when the image has the focus)" },
  { keys: ["Space", "Enter"], action: "Paint the patch, or take it away (same)" },
  { keys: ["Esc"], action: "Cancel the stroke; without one, stop painting (same)" },
];
