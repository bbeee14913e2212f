import { Select } from "@mantine/core";
import { memo } from "react";
import { LayerSwitch } from "../../features/viewer/components/layer-bar";
import classes from "./compare-page.module.css";
import { groupOfOption, type MapChoice } from "./map-choice";
import type { Place, Side } from "./side";

interface MapMenuProps {
  place: Place;
  side: Side;
  choice: MapChoice;
  onChoose: (place: Place, choice: MapChoice) => void;
}

/** Which map of a side is shown, and of which option or group. Not drawn anew while the pointer moves. */
export const MapMenu = memo(function MapMenu({ place, side, choice, onChoose }: MapMenuProps) {
  const { layer, optionId } = choice;
  return (
    <div className={classes.mapMenu}>
      <LayerSwitch
        label={`Map on the ${place}`}
        layer={layer}
        hasMaps={side.prediction !== null}
        onLayer={(next) => onChoose(place, { layer: next, optionId })}
      />
      {layer === "magnet" ? (
        <Select
          className={classes.mapOf}
          aria-label={`Group on the ${place}`}
          data={side.groups.map(({ key, name }) => ({ value: key, label: name }))}
          value={groupOfOption(side, optionId)}
          allowDeselect={false}
          onChange={(key) => {
            const group = side.groups.find((candidate) => candidate.key === key);
            const first = group?.presentId ?? group?.options[0]?.id;
            if (first) {
              onChoose(place, { layer, optionId: first });
            }
          }}
        />
      ) : (
        <Select
          className={classes.mapOf}
          aria-label={`Option on the ${place}`}
          data={side.groups.map((group) => ({
            group: group.name,
            items: group.options.map(({ id, text }) => ({
              value: id,
              label: id === group.presentId ? `${text} (present)` : text,
            })),
          }))}
          value={optionId}
          title={
            side.groups.flatMap(({ options }) => options).find(({ id }) => id === optionId)?.text
          }
          allowDeselect={false}
          disabled={layer !== "gradcam"}
          maxDropdownHeight={320}
          onChange={(id) => id && onChoose(place, { layer, optionId: id })}
        />
      )}
    </div>
  );
});
