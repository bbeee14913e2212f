import { ActionIcon, Popover, Tooltip } from "@mantine/core";
import { IconAdjustmentsHorizontal } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import railClasses from "./tool-rail.module.css";
import classes from "./window-level-control.module.css";

interface RailPopoverProps {
  label: string;
  children: ReactNode;
}

/** A button of the tool rail that opens fields beside it. */
export function RailPopover({ label, children }: RailPopoverProps) {
  const [opened, setOpened] = useState(false);
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      position="right-start"
      offset={8}
      width={270}
      trapFocus
    >
      <Popover.Target>
        <Tooltip label={label} position="right" disabled={opened}>
          <ActionIcon
            variant="subtle"
            color="gray"
            size={30}
            className={railClasses.tool}
            aria-label={label}
            onClick={() => setOpened((before) => !before)}
          >
            <IconAdjustmentsHorizontal size={17} />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown className={classes.dropdown}>{children}</Popover.Dropdown>
    </Popover>
  );
}
