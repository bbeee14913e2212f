/** Keys of the workbench, for the help sheet. */
export const WORKBENCH_SHORTCUTS: readonly { keys: readonly string[]; action: string }[] = [
  { keys: ["E"], action: "Open What if" },
  { keys: ["↑", "↓"], action: "From option to option (when one has the focus)" },
  { keys: ["Page ↑", "Page ↓"], action: "Previous, next concept group (same)" },
  { keys: ["Enter"], action: "Make this option the present one (same)" },
  { keys: ["←", "→"], action: "Lower, raise its score; with Shift ten times as far (same)" },
  { keys: ["Delete"], action: "Reset its score; with Shift the whole group (same)" },
  {
    keys: ["P"],
    action: "Paint the group's region: the image gets the focus, Escape gives it back (same)",
  },
  { keys: ["Tab"], action: "To the option's slider and number" },
  { keys: ["Ctrl + Z"], action: "Undo" },
  { keys: ["Ctrl + Y"], action: "Redo; also Ctrl + Shift + Z" },
  { keys: ["0"], action: "Reset all edits" },
  { keys: ["Ctrl + S"], action: "Save the edits as an intervention" },
  { keys: ["K"], action: "Compare the saved intervention with the prediction" },
  { keys: ["L"], action: "Copy the link to what is on screen" },
];
