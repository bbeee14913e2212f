import { Button, Slider, Switch } from "@mantine/core";
import type { ReactNode } from "react";
import { isIdentity, LEVEL_RANGE, WIDTH_RANGE } from "../../../shared/imaging/window-level";
import type { ViewerSettings } from "../hooks/use-viewer-settings";
import { RailPopover } from "./rail-popover";
import classes from "./window-level-control.module.css";

/** Sliders for those who do not drag. Applied to the luminance; colours stay. */
export function WindowLevelControl({ settings }: { settings: ViewerSettings }) {
  const { window, setWindow, resetWindow } = settings;
  return (
    <RailPopover label="Window and level as sliders">
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
    </RailPopover>
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
