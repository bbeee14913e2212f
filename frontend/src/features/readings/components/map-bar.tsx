import { Button, Kbd, Slider } from "@mantine/core";
import { colormapGradient } from "../../../shared/imaging/colormap";
import type { ItemDisplay } from "../hooks/use-item-display";
import classes from "./item-view.module.css";

/** How the colours of the map are to be read, how strong it is, and whether it is there at all. */
export function MapBar({ display }: { display: ItemDisplay }) {
  const { opacity, setOpacity, mapShown, toggleMap } = display;
  return (
    <div className={classes.bar} role="group" aria-label="Map over the image">
      <Button
        variant="default"
        size="compact-xs"
        aria-pressed={mapShown}
        onClick={toggleMap}
        rightSection={<Kbd size="xs">O</Kbd>}
      >
        {mapShown ? "Map shown" : "Map hidden"}
      </Button>
      <span className={classes.scale}>
        <span>0</span>
        <span
          className={classes.ramp}
          style={{ background: colormapGradient("viridis") }}
          aria-hidden
        />
        <span>max of this map</span>
      </span>
      <span className={classes.opacity}>
        <span aria-hidden>Opacity</span>
        <Slider
          className={classes.slider}
          size="sm"
          min={0}
          max={1}
          step={0.05}
          value={opacity}
          disabled={!mapShown}
          onChange={setOpacity}
          label={null}
          thumbLabel="Opacity of the map"
        />
        <span className={classes.percent}>{Math.round(100 * opacity)} %</span>
      </span>
    </div>
  );
}
