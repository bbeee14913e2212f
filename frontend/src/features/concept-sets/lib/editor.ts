/** What every part of the editor needs. */

import type { ConceptSetContent } from "../../../shared/api/types";
import type { Problem } from "./problems";
import type { Selection } from "./selection";

export interface Editor {
  content: ConceptSetContent;
  /** The revision before the draft, or the same where nothing can be changed. */
  saved: ConceptSetContent;
  /** Not for one's role, or an older revision. */
  readOnly: boolean;
  problems: readonly Problem[];
  selection: Selection;
  select: (selection: Selection) => void;
  /** Changes with the same gesture, such as typing in one field, are one step of undo. */
  edit: (change: (content: ConceptSetContent) => ConceptSetContent, gesture?: string) => void;
  /** Says something to screen readers, and shows it beside the tree. */
  announce: (words: string) => void;
}
