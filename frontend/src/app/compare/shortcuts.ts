/** Keys of the comparison beside those of the viewer, for the help sheet. */
export const COMPARE_SHORTCUTS: readonly { keys: readonly string[]; action: string }[] = [
  { keys: ["T"], action: "Switch the sides" },
  { keys: ["B"], action: "The same map on both sides, and back" },
  { keys: ["L"], action: "Copy the link to what is on screen" },
];
