import { ActionIcon, Menu } from "@mantine/core";
import { IconDots } from "@tabler/icons-react";
import { insertOption, moveBy, remove } from "../lib/actions";
import type { Editor } from "../lib/editor";
import type { Selection } from "../lib/selection";

interface TreeMenuProps {
  editor: Editor;
  selection: Exclude<Selection, { kind: "set" }>;
  words: string;
  place: { at: number; count: number };
  onReplace: (group: string, option: string) => void;
}

/** What can be done to a group or an option where it stands. */
export function TreeMenu({ editor, selection, words, place, onReplace }: TreeMenuProps) {
  const option = selection.kind === "option" ? selection.option : null;
  return (
    <Menu
      position="bottom-end"
      width={230}
      // Within the page, so that it belongs to a landmark; fixed, so that the scrolling tree does not cut it off.
      withinPortal={false}
      floatingStrategy="fixed"
      hideDetached={false}
      withInitialFocusPlaceholder={false}
      transitionProps={{ duration: 0 }}
    >
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size={20} aria-label={`Actions for ${words}`}>
          <IconDots size={15} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          disabled={place.at <= 0}
          rightSection="Alt+↑"
          onClick={() => moveBy(editor, selection, -1)}
        >
          Move up
        </Menu.Item>
        <Menu.Item
          disabled={place.at >= place.count - 1}
          rightSection="Alt+↓"
          onClick={() => moveBy(editor, selection, 1)}
        >
          Move down
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item onClick={() => insertOption(editor, selection.group, option)}>
          {option === null ? "Add an option" : "Add an option below"}
        </Menu.Item>
        {option !== null && (
          <Menu.Item onClick={() => onReplace(selection.group, option)}>Replace …</Menu.Item>
        )}
        <Menu.Item color="var(--error)" onClick={() => remove(editor, selection)}>
          {option === null ? "Remove the group" : "Remove"}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
