import type { ReactNode } from "react";

/** What else is known of concept groups, shown quietly beside them; each by the group's key. */
export interface GroupMarks {
  /** Beside a group's heading. `tabbable`: whether the Tab key stops at it. */
  beside: (groupKey: string, tabbable: boolean) => ReactNode;
  /** In the row of an option that stands without its group's heading: nothing to press. */
  within: (groupKey: string) => ReactNode;
  /** The same in words. */
  words: (groupKey: string) => string | null;
}
