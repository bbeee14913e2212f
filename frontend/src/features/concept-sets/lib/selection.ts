/** What of a concept set is looked at: the set itself, a group, or an option. */

import type { ConceptSetContent } from "../../../shared/api/types";
import { findGroup, findOption } from "./content";

export type Selection =
  | { kind: "set" }
  | { kind: "group"; group: string }
  | { kind: "option"; group: string; option: string };

export const WHOLE_SET: Selection = { kind: "set" };

/** As an address and as an id of an element: nothing, `group`, or `group.option`. */
export function idOf(selection: Selection): string {
  switch (selection.kind) {
    case "set":
      return "";
    case "group":
      return selection.group;
    case "option":
      return `${selection.group}.${selection.option}`;
  }
}

export function selectionOf(id: string | null): Selection {
  const [group, option] = (id ?? "").split(".");
  if (!group) {
    return WHOLE_SET;
  }
  return option ? { kind: "option", group, option } : { kind: "group", group };
}

/** The same, or the nearest that is still there: an undo or another revision may have taken it away. */
export function stillThere(selection: Selection, content: ConceptSetContent): Selection {
  if (selection.kind === "set" || !findGroup(content, selection.group)) {
    return WHOLE_SET;
  }
  return selection.kind === "option" && !findOption(content, selection.group, selection.option)
    ? { kind: "group", group: selection.group }
    : selection;
}
