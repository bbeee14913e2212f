/** What can be done to the selected group or option: each does it, selects what comes of it, and says so. */

import type { ConceptGroup, ConceptOption } from "../../../shared/api/types";
import {
  addGroup,
  addOption,
  findGroup,
  findOption,
  moveGroup,
  moveOption,
  removeGroup,
  removeOption,
} from "./content";
import type { Editor } from "./editor";
import { freeKey } from "./keys";
import { type Selection, WHOLE_SET } from "./selection";

/** Where something stands among its like, from 0, and among how many. */
export function placeOf({ content }: Editor, selection: Selection): { at: number; count: number } {
  if (selection.kind === "set") {
    return { at: 0, count: 1 };
  }
  const items: readonly { key: string }[] =
    selection.kind === "group"
      ? content.groups
      : (findGroup(content, selection.group)?.options ?? []);
  const key = selection.kind === "group" ? selection.group : selection.option;
  return { at: items.findIndex((item) => item.key === key), count: items.length };
}

export function wordsOf({ content }: Editor, selection: Selection): string {
  switch (selection.kind) {
    case "set":
      return content.title;
    case "group":
      return findGroup(content, selection.group)?.name || selection.group;
    case "option":
      return (
        findOption(content, selection.group, selection.option)?.text.trim() || selection.option
      );
  }
}

/** To a place from 0. */
export function moveTo(editor: Editor, selection: Selection, to: number): void {
  const { at, count } = placeOf(editor, selection);
  const place = Math.min(count - 1, Math.max(0, to));
  const words = wordsOf(editor, selection);
  if (selection.kind === "set" || place === at) {
    editor.announce(`“${words}” is ${at === 0 ? "first" : "last"} already.`);
    return;
  }
  editor.edit((content) =>
    selection.kind === "group"
      ? moveGroup(content, selection.group, place)
      : moveOption(content, selection.group, selection.option, place),
  );
  editor.announce(`“${words}” moved to place ${place + 1} of ${count}.`);
}

export function moveBy(editor: Editor, selection: Selection, step: -1 | 1): void {
  moveTo(editor, selection, placeOf(editor, selection).at + step);
}

/** Behind the selected option, else at the end of its group. */
export function insertOption(editor: Editor, group: string, after: string | null): void {
  const found = findGroup(editor.content, group);
  if (!found) {
    return;
  }
  const key = freeKey(
    "new_option",
    found.options.map((option) => option.key),
  );
  const option: ConceptOption = { key, text: "", synonyms: [], source: "" };
  editor.edit((content) => addOption(content, group, option, after));
  editor.select({ kind: "option", group, option: key });
  editor.announce("An option was added. Give it words and a source.");
}

export function insertGroup(editor: Editor): void {
  const key = freeKey(
    "new_group",
    editor.content.groups.map((group) => group.key),
  );
  const option: ConceptOption = { key: "new_option", text: "", synonyms: [], source: "" };
  const group: ConceptGroup = { key, name: "", localizable: false, options: [option] };
  editor.edit((content) => addGroup(content, group));
  editor.select({ kind: "group", group: key });
  editor.announce("A group was added. Give it a name, and its option words.");
}

/** Without a question: undo brings it back. */
export function remove(editor: Editor, selection: Selection): void {
  if (selection.kind === "set") {
    return;
  }
  const words = wordsOf(editor, selection);
  if (selection.kind === "group") {
    editor.edit((content) => removeGroup(content, selection.group));
    editor.select(WHOLE_SET);
  } else {
    editor.edit((content) => removeOption(content, selection.group, selection.option));
    editor.select({ kind: "group", group: selection.group });
  }
  editor.announce(`“${words}” was removed. Undo brings it back.`);
}
