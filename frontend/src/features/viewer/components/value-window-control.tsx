import { Button, NumberInput, Select, Switch } from "@mantine/core";
import { effectiveWindow } from "../../../shared/imaging/value-window";
import { useValueState } from "../hooks/use-shown-values";
import { digitsOf, dragSpeed, presetsOf, sameWindow } from "../lib/value-presets";
import type { ValueView } from "../lib/value-view";
import { RailPopover } from "./rail-popover";
import classes from "./window-level-control.module.css";

/** Window, level and presets of stored values as fields, for those who do not drag. */
export function ValueWindowControl({ view }: { view: ValueView }) {
  const rendering = useValueState(view, (state) => state.rendering, view.rendering);
  const { display, standard } = view;
  const now = effectiveWindow(display, rendering);
  const changed =
    !sameWindow(now, effectiveWindow(display, standard)) ||
    rendering.inverted !== standard.inverted;
  return (
    <RailPopover label="Window and level as numbers, presets">
      {display.values === "grey" && <WindowFields view={view} />}
      <div className={classes.row}>
        <Switch
          size="xs"
          label="Invert"
          checked={rendering.inverted}
          onChange={() => view.invert()}
        />
        <Button
          variant="default"
          size="compact-xs"
          disabled={!changed}
          onClick={() => view.reset()}
        >
          Reset
        </Button>
      </div>
      <p className={classes.note}>
        {display.values === "grey"
          ? "In the file's own values. A model sees the image as the file asks, unless you have this view explained."
          : "Colours have no window. A model sees the image as it is stored, unless you have this view explained."}
      </p>
    </RailPopover>
  );
}

function WindowFields({ view }: { view: ValueView }) {
  const { display } = view;
  const rendering = useValueState(view, (state) => state.rendering, view.rendering);
  const presets = presetsOf(display);
  const now = effectiveWindow(display, rendering);
  const { center, width } = view.window;
  const chosen = presets.findIndex(({ window }) => sameWindow(window, now));
  const shared = {
    size: "xs",
    className: classes.labelled,
    suffix: display.unit ? ` ${display.unit}` : "",
    decimalScale: Math.max(digitsOf(display), 1),
    step: Math.max(
      10 ** -digitsOf(display),
      Number(dragSpeed(display, view.window).toPrecision(1)),
    ),
  } as const;
  return (
    <>
      <Select
        size="xs"
        className={classes.labelled}
        label="Preset"
        placeholder="Set by hand"
        data={presets.map(({ name }, at) => ({ value: String(at), label: name }))}
        value={chosen < 0 ? null : String(chosen)}
        comboboxProps={{ withinPortal: false }}
        allowDeselect={false}
        onChange={(value) => {
          const preset = presets[Number(value)];
          if (value !== null && preset) {
            view.setWindow(preset.window);
          }
        }}
      />
      <NumberInput
        {...shared}
        label="Centre"
        value={center}
        onChange={(value) => {
          if (typeof value === "number" && value !== center) {
            view.setWindow({ center: value, width });
          }
        }}
      />
      <NumberInput
        {...shared}
        label="Width"
        allowNegative={false}
        value={width}
        onChange={(value) => {
          if (typeof value === "number" && value > 0 && value !== width) {
            view.setWindow({ center, width: value });
          }
        }}
      />
    </>
  );
}
