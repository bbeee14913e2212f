import { findGroup, findOption } from "../lib/content";
import type { Editor } from "../lib/editor";
import { idOf } from "../lib/selection";
import { GroupFields } from "./group-fields";
import { OptionFields } from "./option-fields";
import { SetFields } from "./set-fields";

interface SelectedFieldsProps {
  editor: Editor;
  onReplace: (group: string, option: string) => void;
}

/** The fields of whatever is selected. */
export function SelectedFields({ editor, onReplace }: SelectedFieldsProps) {
  const { content, selection } = editor;
  const group = selection.kind === "set" ? undefined : findGroup(content, selection.group);
  if (!group || selection.kind === "set") {
    return <SetFields editor={editor} />;
  }
  const option =
    selection.kind === "option" ? findOption(content, group.key, selection.option) : undefined;
  return option ? (
    <OptionFields
      key={idOf(selection)}
      editor={editor}
      group={group}
      option={option}
      onReplace={() => onReplace(group.key, option.key)}
    />
  ) : (
    <GroupFields key={group.key} editor={editor} group={group} />
  );
}
