import { ActionIcon, Tooltip } from "@mantine/core";
import {
  IconAspectRatio,
  IconColumns2,
  IconContrast,
  IconContrastFilled,
  IconHandStop,
  IconMaximize,
  IconMinus,
  IconPlus,
  IconRulerMeasure,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useValueState } from "../hooks/use-shown-values";
import type { ViewerSettings } from "../hooks/use-viewer-settings";
import type { Stage } from "../lib/stage";
import type { ValueView } from "../lib/value-view";
import classes from "./tool-rail.module.css";
import { ValueWindowControl } from "./value-window-control";
import { WindowLevelControl } from "./window-level-control";

interface ToolRailProps {
  stage: Stage | null;
  settings: ViewerSettings;
  /** Of device pixels: 100 is one to one. */
  zoomPercent: number;
  /** Whether original and map may stand side by side. Not where two images do already. */
  layouts?: boolean;
  /** Dragging paints, whatever tool is chosen. */
  painting?: boolean;
  /** Of a case that keeps values. */
  values?: ValueView | null;
}

const ICON = 17;

/** Tools of the viewer, from top to bottom as on a reading station. */
export function ToolRail({
  stage,
  settings,
  zoomPercent,
  layouts = true,
  painting = false,
  values = null,
}: ToolRailProps) {
  const { tool, window, layout } = settings;
  const valuesInverted = useValueState(values, ({ rendering }) => rendering.inverted, false);
  const sideBySide = layout === "side-by-side";
  return (
    <div
      className={classes.rail}
      role="toolbar"
      aria-label="Viewer tools"
      aria-orientation="vertical"
    >
      <Tool
        label="Move the image"
        hint={painting ? "Space and drag" : "Drag"}
        pressed={tool === "pan" && !painting}
        onClick={() => settings.setTool("pan")}
      >
        <IconHandStop size={ICON} />
      </Tool>
      <Tool
        label="Window/level by dragging"
        hint={painting ? "Right drag" : "W, or right drag"}
        pressed={tool === "window" && !painting}
        onClick={() => settings.setTool(tool === "window" ? "pan" : "window")}
      >
        <IconContrast size={ICON} />
      </Tool>
      {values ? <ValueWindowControl view={values} /> : <WindowLevelControl settings={settings} />}
      <Tool
        label="Invert"
        hint="I"
        pressed={values ? valuesInverted : window.invert}
        onClick={() => (values ? values.invert() : settings.setWindow({ invert: !window.invert }))}
      >
        <IconContrastFilled size={ICON} />
      </Tool>
      <Tool
        label="Measure a distance"
        hint={painting ? "not while painting" : "D"}
        pressed={tool === "ruler" && !painting}
        onClick={() => settings.setTool(tool === "ruler" ? "pan" : "ruler")}
      >
        <IconRulerMeasure size={ICON} />
      </Tool>
      <hr className={classes.rule} />
      <Tool label="Zoom in" hint="+" onClick={() => stage?.zoom(1.25)}>
        <IconPlus size={ICON} />
      </Tool>
      <span className={classes.zoom} title="Screen pixels per image pixel">
        {Math.round(zoomPercent)}&#8239;%
      </span>
      <Tool label="Zoom out" hint="−" onClick={() => stage?.zoom(1 / 1.25)}>
        <IconMinus size={ICON} />
      </Tool>
      <Tool label="Fit to the window" hint="F" onClick={() => stage?.fit()}>
        <IconMaximize size={ICON} />
      </Tool>
      <Tool label="One to one" hint="1" onClick={() => stage?.oneToOne()}>
        <IconAspectRatio size={ICON} />
      </Tool>
      {layouts && (
        <>
          <hr className={classes.rule} />
          <Tool
            label="Original and map side by side"
            hint="S"
            pressed={sideBySide}
            onClick={() =>
              settings.setPreferences({ layout: sideBySide ? "stacked" : "side-by-side" })
            }
          >
            <IconColumns2 size={ICON} />
          </Tool>
        </>
      )}
    </div>
  );
}

interface ToolProps {
  label: string;
  hint: string;
  pressed?: boolean;
  onClick: () => void;
  children: ReactNode;
}

function Tool({ label, hint, pressed, onClick, children }: ToolProps) {
  return (
    <Tooltip label={`${label} (${hint})`} position="right">
      <ActionIcon
        variant="subtle"
        color="gray"
        size={30}
        className={classes.tool}
        aria-label={label}
        aria-pressed={pressed}
        onClick={onClick}
      >
        {children}
      </ActionIcon>
    </Tooltip>
  );
}
