import { ActionIcon, Button, Popover, Slider, Switch, Tooltip } from "@mantine/core";
import { IconAdjustmentsHorizontal } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { isIdentity, LEVEL_RANGE, WIDTH_RANGE } from "../../../shared/imaging/window-level";
import type { ViewerSettings } from "../hooks/use-viewer-settings";
import railClasses from "./tool-rail.module.css";
import classes from "./window-level-control.module.css";

/** Sliders for those who do not drag. Applied to the luminance; colours stay. */
export function WindowLevelControl({ settings }: { settings: ViewerSettings }) {
  const [opened, setOpened] = useState(false);
  const { window, setWindow, resetWindow } = settings;
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
        <Tooltip label="Window and level as sliders" position="right" disabled={opened}>
          <ActionIcon
            variant="subtle"
            color="gray"
            size={30}
            className={railClasses.tool}
            aria-label="Window and level as sliders"
            onClick={() => setOpened((before) => !before)}
          >
            <IconAdjustmentsHorizontal size={17} />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown className={classes.dropdown}>
        <Labelled label="Level" value={window.level}>
          <Slider
            {...LEVEL_RANGE}
            size="sm"
            value={window.level}
            onChange={(level) => setWindow({ level })}
            label={null}
            thumbLabel="Level"
          />
        </Labelled>
        <Labelled label="Window width" value={window.width}>
          <Slider
            {...WIDTH_RANGE}
            size="sm"
            value={window.width}
            onChange={(width) => setWindow({ width })}
            label={null}
            thumbLabel="Window width"
          />
        </Labelled>
        <div className={classes.row}>
          <Switch
            size="xs"
            label="Invert"
            checked={window.invert}
            onChange={(event) => setWindow({ invert: event.currentTarget.checked })}
          />
          <Button
            variant="default"
            size="compact-xs"
            disabled={isIdentity(window)}
            onClick={resetWindow}
          >
            Reset
          </Button>
        </div>
        <p className={classes.note}>
          8-bit grey values, applied to luminance. The model saw the image as it is.
        </p>
      </Popover.Dropdown>
    </Popover>
  );
}

function Labelled({
  label,
  value,
  children,
}: {
  label: string;
  value: number;
  children: ReactNode;
}) {
  return (
    <div className={classes.labelled}>
      <div className={classes.label}>
        <span>{label}</span>
        <span>{value}</span>
      </div>
      {children}
    </div>
  );
}
