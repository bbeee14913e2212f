import { ActionIcon } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconTrash } from "@tabler/icons-react";
import classes from "./steps.module.css";

interface PlaceButtonsProps {
  /** What is moved, in words. */
  name: string;
  at: number;
  last: number;
  onMove: (to: number) => void;
  onRemove: () => void;
}

/** Moves an entry of a list up or down, or takes it out. */
export function PlaceButtons({ name, at, last, onMove, onRemove }: PlaceButtonsProps) {
  return (
    <div className={classes.end}>
      <ActionIcon
        variant="default"
        size={26}
        aria-label={`Move ${name} up`}
        disabled={at === 0}
        onClick={() => onMove(at - 1)}
      >
        <IconArrowUp size={14} aria-hidden />
      </ActionIcon>
      <ActionIcon
        variant="default"
        size={26}
        aria-label={`Move ${name} down`}
        disabled={at === last}
        onClick={() => onMove(at + 1)}
      >
        <IconArrowDown size={14} aria-hidden />
      </ActionIcon>
      <ActionIcon variant="default" size={26} aria-label={`Take ${name} out`} onClick={onRemove}>
        <IconTrash size={14} aria-hidden />
      </ActionIcon>
    </div>
  );
}
