/** Keys of what a person marks, for the help sheet. They act in the group that has the focus (`MarkField`). */
export const MARK_SHORTCUTS: readonly { keys: readonly string[]; action: string }[] = [
  { keys: ["Arrows"], action: "From option to option, without marking" },
  { keys: ["Space", "Enter"], action: "Mark this option" },
  { keys: ["1 … 9"], action: "Mark the first … ninth option of the group" },
  { keys: ["0"], action: "Take the mark of the group back" },
];
