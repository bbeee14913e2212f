import { SegmentedControl, Select, Slider, Switch, Tooltip } from "@mantine/core";
import { COLORMAPS, type ColormapName } from "../../../shared/imaging/colormap";
import { FADE_FROM, FADE_TO } from "../../../shared/imaging/value-pixels";
import type { ViewerSettings } from "../hooks/use-viewer-settings";
import { LAYER_CHOICES, type LayerChoice } from "../lib/layer-choice";
import classes from "./layer-bar.module.css";

interface LayerSwitchProps {
  layer: LayerChoice;
  onLayer: (layer: LayerChoice) => void;
  /** False until there is a prediction. */
  hasMaps: boolean;
  /** "Map"; where there are several images, of which one. */
  label?: string;
}

interface LayerBarProps extends LayerSwitchProps {
  settings: ViewerSettings;
}

const FADE_NOTE =
  `Values below ${100 * FADE_FROM} % of the scale are transparent and opacity rises up to ${100 * FADE_TO} %, ` +
  "so that the image stays visible where the map says little. Off: the same opacity everywhere.";

/** What lies over the image, and how it is drawn. */
export function LayerBar({ settings, ...layer }: LayerBarProps) {
  return (
    <div className={classes.bar} role="group" aria-label="Map over the image">
      <LayerSwitch {...layer} />
      <LayerAppearance layers={[layer.layer]} settings={settings} />
    </div>
  );
}

export function LayerSwitch({ layer, onLayer, hasMaps, label = "Map" }: LayerSwitchProps) {
  return (
    <SegmentedControl
      size="xs"
      className={classes.layers}
      aria-label={label}
      value={layer}
      disabled={!hasMaps}
      onChange={(value) => onLayer(value as LayerChoice)}
      data={LAYER_CHOICES.map(({ value, label: name, note }) => ({
        value,
        label: <span title={note}>{name}</span>,
      }))}
    />
  );
}

interface LayerAppearanceProps {
  /** Of the images that are drawn so. */
  layers: readonly LayerChoice[];
  settings: ViewerSettings;
}

/** Colours and opacity of the maps. */
export function LayerAppearance({ layers, settings }: LayerAppearanceProps) {
  const { colormap, opacity, fadeLow, setPreferences } = settings;
  const coloured = layers.some((layer) => layer === "gradcam" || layer === "magnet");
  return (
    <>
      <Select
        className={classes.colormap}
        aria-label="Colormap"
        data={COLORMAPS.map(({ name, label }) => ({ value: name, label }))}
        value={colormap}
        allowDeselect={false}
        disabled={!coloured}
        comboboxProps={{ width: 250, position: "bottom-start" }}
        renderOption={({ option }) => {
          const found = COLORMAPS.find(({ name }) => name === option.value);
          return (
            <span className={classes.option}>
              {option.label}
              <span className={classes.optionNote}>{found?.note}</span>
            </span>
          );
        }}
        onChange={(value) => value && setPreferences({ colormap: value as ColormapName })}
      />
      <div className={classes.field}>
        <span aria-hidden>Opacity</span>
        <Slider
          className={classes.opacity}
          size="sm"
          min={0}
          max={1}
          step={0.05}
          value={opacity}
          disabled={layers.every((layer) => layer === "none")}
          onChange={(value) => setPreferences({ opacity: value })}
          label={null}
          thumbLabel="Opacity of the map"
        />
        <span className={classes.number}>{Math.round(100 * opacity)} %</span>
      </div>
      <Tooltip label={FADE_NOTE}>
        <div>
          <Switch
            size="xs"
            label="Fade low values"
            checked={fadeLow}
            disabled={!coloured}
            onChange={(event) => setPreferences({ fadeLow: event.currentTarget.checked })}
          />
        </div>
      </Tooltip>
    </>
  );
}
