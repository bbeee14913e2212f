import { ActionIcon, NumberInput, SegmentedControl } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import type { Frames } from "../hooks/use-frames";
import type { Regions } from "../hooks/use-regions";
import { type Box, type DrawnRegion, type Size, withNumber } from "../lib/regions";
import { regionWords } from "../lib/words";
import classes from "./region-list.module.css";

interface RegionListProps {
  regions: Regions;
  size: Size;
  frames: Frames;
}

/** All regions, also those of other frames; the chosen one with its numbers. */
export function RegionList({ regions, size, frames }: RegionListProps) {
  if (regions.all.length === 0) {
    return (
      <p className={classes.none}>
        None yet. Draw a rectangle over text with the mouse, or press “Add a region” and move it
        with the arrow keys; Shift with an arrow key resizes it.
      </p>
    );
  }
  const choose = (region: DrawnRegion) => {
    if (region.frame !== null) {
      frames.show(region.frame);
    }
    regions.act({ type: "select", id: region.id });
  };
  return (
    <ol className={classes.list}>
      {regions.all.map((region, at) => (
        <li key={region.id} className={classes.item}>
          <div className={classes.line}>
            <button
              type="button"
              className={classes.choose}
              aria-expanded={regions.selectedId === region.id}
              onClick={() => choose(region)}
            >
              <span className={classes.number}>{at + 1}</span>
              {regionWords(region, frames.count)}
            </button>
            <ActionIcon
              variant="subtle"
              color="gray"
              size={24}
              aria-label={`Remove region ${at + 1}`}
              onClick={() => regions.act({ type: "remove", id: region.id })}
            >
              <IconTrash size={14} />
            </ActionIcon>
          </div>
          {regions.selectedId === region.id && (
            <RegionFields region={region} regions={regions} size={size} frames={frames} />
          )}
        </li>
      ))}
    </ol>
  );
}

const FIELDS: readonly { field: keyof Box; label: string }[] = [
  { field: "x", label: "Left" },
  { field: "y", label: "Top" },
  { field: "width", label: "Width" },
  { field: "height", label: "Height" },
];

function RegionFields({
  region,
  regions,
  size,
  frames,
}: RegionListProps & { region: DrawnRegion }) {
  const { id } = region;
  return (
    <div className={classes.fields}>
      {FIELDS.map(({ field, label }) => (
        <NumberInput
          key={field}
          size="xs"
          label={label}
          allowDecimal={false}
          allowNegative={false}
          value={region[field]}
          onChange={(value) => {
            if (typeof value === "number") {
              const changes = withNumber(region, field, value, size);
              regions.act({ type: "change", id, changes, gesture: `${field}-${id}` });
            }
          }}
        />
      ))}
      {frames.count > 1 && (
        <SegmentedControl
          className={classes.frames}
          size="xs"
          aria-label="Frames that are blacked out"
          data={[
            { value: "all", label: "All frames" },
            { value: "one", label: `Frame ${(region.frame ?? frames.frame) + 1} only` },
          ]}
          value={region.frame === null ? "all" : "one"}
          onChange={(value) => {
            const changes = { frame: value === "all" ? null : frames.frame };
            regions.act({ type: "change", id, changes, gesture: `frame-${id}` });
          }}
        />
      )}
    </div>
  );
}
