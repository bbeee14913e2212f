/** The parts of the workbench, of which one is open at a time. */

export type WorkbenchView = "edit" | "contributions" | "search" | "stored";

export const WORKBENCH_VIEWS: readonly { value: WorkbenchView; label: string }[] = [
  { value: "edit", label: "Edit" },
  { value: "contributions", label: "Contributions" },
  { value: "search", label: "What would change it?" },
  { value: "stored", label: "History" },
];

export function isWorkbenchView(text: string | null): text is WorkbenchView {
  return WORKBENCH_VIEWS.some(({ value }) => value === text);
}

/** Whose map the viewer is asked to show. */
export type MapTarget = { kind: "option"; id: string } | { kind: "group"; key: string };
