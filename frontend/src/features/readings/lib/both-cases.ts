import type { Shortcuts } from "../../../shared/hooks/use-shortcuts";

/** Letters with Caps Lock as well: nobody who reads for an hour should have to look for it. */
export function bothCases(shortcuts: Shortcuts): Shortcuts {
  const upper = Object.entries(shortcuts).map(([key, action]) => [key.toUpperCase(), action]);
  return { ...Object.fromEntries(upper), ...shortcuts };
}
