import { ActionIcon, Menu } from "@mantine/core";
import { IconDots } from "@tabler/icons-react";
import { memo } from "react";
import type { BenchGroup } from "../lib/bench";
import type { Workbench } from "../lib/workbench";

interface GroupMenuProps {
  workbench: Workbench;
  group: BenchGroup;
  edited: boolean;
}

/** What can be done to a whole group at once. */
export const GroupMenu = memo(function GroupMenu({ workbench, group, edited }: GroupMenuProps) {
  const { classes: all, head } = workbench.bench;
  const optionId = group.options[0]?.id ?? "";
  // Where the focus goes: the first that can be chosen.
  const first = all.find(({ key }) => head.class_means[key])?.key;
  return (
    <Menu
      position="bottom-end"
      width={250}
      // Within the page, so that it belongs to a landmark.
      withinPortal={false}
      withInitialFocusPlaceholder={false}
      transitionProps={{ duration: 0 }}
    >
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size={20} aria-label={`Edit ${group.name}`}>
          <IconDots size={15} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Average scores over validation images</Menu.Label>
        {all.map(({ key, name }) => (
          <Menu.Item
            key={key}
            data-autofocus={key === first || undefined}
            disabled={!head.class_means[key]}
            title={head.class_means[key] ? undefined : "Validation has no image of this class"}
            onClick={() =>
              workbench.add({ operation: "class_mean", optionId, referenceClass: key })
            }
          >
            As in {name}
          </Menu.Item>
        ))}
        <Menu.Item
          data-autofocus={first === undefined || undefined}
          onClick={() => workbench.add({ operation: "mean", optionId })}
        >
          Unknown (overall average)
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item disabled={!edited} onClick={() => workbench.resetGroup(group.key)}>
          Reset the scores of this group
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
});
