/** Keys of the reading room, for the help and the page of instructions. */
export const READING_SHORTCUTS: readonly { keys: readonly string[]; action: string }[] = [
  { keys: ["1", "…", "9"], action: "Answer the marked question; then the next one is marked" },
  { keys: ["Tab"], action: "From question to question; arrow keys within one" },
  { keys: ["Enter"], action: "Submit, and on to the next item (in a long text: Ctrl + Enter)" },
  { keys: ["X"], action: "I cannot judge this, and back" },
  { keys: ["C"], action: "Write a comment; Esc leaves it" },
  { keys: ["Q"], action: "Ask the coordinator something" },
  { keys: ["P"], action: "Pause: hides the item and stops the clock" },
  { keys: ["?"], action: "This help" },
];

export const IMAGE_SHORTCUTS: readonly { keys: readonly string[]; action: string }[] = [
  { keys: ["O"], action: "Map over the image off, and on again" },
  { keys: ["H"], action: "Held down: the image alone" },
  { keys: ["[", "]"], action: "Map less, more opaque" },
  { keys: ["+", "−"], action: "Zoom in, out; also the wheel, or two fingers" },
  { keys: ["Shift + Arrows"], action: "Move the image; also by dragging" },
  { keys: ["0"], action: "Fit the image to the window" },
  { keys: ["I"], action: "Invert the image" },
  { keys: ["Right drag"], action: "Window (left–right) and level (up–down) of the image" },
  { keys: ["R"], action: "Reset window, level and inversion" },
];
