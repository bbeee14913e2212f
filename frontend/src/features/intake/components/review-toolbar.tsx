import { ActionIcon, Button, Switch, Tooltip } from "@mantine/core";
import { IconArrowBackUp, IconSquarePlus, IconZoomIn, IconZoomOut } from "@tabler/icons-react";
import type { Regions } from "../hooks/use-regions";
import { MOST_REGIONS, newBox, type Size } from "../lib/regions";
import classes from "./review-stage.module.css";

const ZOOMS = [1, 1.5, 2, 3, 4, 6, 8];

interface ReviewToolbarProps {
  regions: Regions;
  size: Size;
  /** Of a new region; null: all frames. */
  drawnFrame: number | null;
  /** Whether there is a choice. */
  isFilm: boolean;
  onlyThisFrame: boolean;
  onOnlyThisFrame: (only: boolean) => void;
  black: boolean;
  onBlack: (black: boolean) => void;
  zoom: number;
  onZoom: (zoom: number) => void;
}

export function ReviewToolbar(props: ReviewToolbarProps) {
  const { regions, size, drawnFrame, black, onBlack } = props;
  const full = regions.all.length >= MOST_REGIONS;
  return (
    <div className={classes.toolbar} role="group" aria-label="Regions and view">
      <Button
        variant="default"
        size="compact-xs"
        leftSection={<IconSquarePlus size={14} aria-hidden />}
        disabled={full}
        title={full ? `${MOST_REGIONS} regions are the most; make them larger instead.` : undefined}
        onClick={() =>
          regions.act({ type: "add", box: newBox(size, regions.all.length), frame: drawnFrame })
        }
      >
        Add a region
      </Button>
      <Button
        variant="default"
        size="compact-xs"
        leftSection={<IconArrowBackUp size={14} aria-hidden />}
        disabled={!regions.canUndo}
        onClick={() => regions.act({ type: "undo" })}
      >
        Undo
      </Button>
      <Switch
        size="xs"
        label="Preview as black"
        checked={black}
        onChange={(event) => onBlack(event.currentTarget.checked)}
      />
      {props.isFilm && (
        <Switch
          size="xs"
          label="New regions in this frame only"
          checked={props.onlyThisFrame}
          onChange={(event) => props.onOnlyThisFrame(event.currentTarget.checked)}
        />
      )}
      <Zoom zoom={props.zoom} onZoom={props.onZoom} />
    </div>
  );
}

function Zoom({ zoom, onZoom }: Pick<ReviewToolbarProps, "zoom" | "onZoom">) {
  const at = ZOOMS.indexOf(zoom);
  const step = (by: number) => onZoom(ZOOMS[at + by] ?? zoom);
  return (
    <div className={classes.zoom} role="group" aria-label="Zoom">
      <Tooltip label="Smaller">
        <ActionIcon
          variant="default"
          size={24}
          aria-label="Zoom out"
          disabled={at === 0}
          onClick={() => step(-1)}
        >
          <IconZoomOut size={15} />
        </ActionIcon>
      </Tooltip>
      <span className={classes.place}>{zoom === 1 ? "Fit" : `${zoom} ×`}</span>
      <Tooltip label="Larger">
        <ActionIcon
          variant="default"
          size={24}
          aria-label="Zoom in"
          disabled={at === ZOOMS.length - 1}
          onClick={() => step(1)}
        >
          <IconZoomIn size={15} />
        </ActionIcon>
      </Tooltip>
    </div>
  );
}
