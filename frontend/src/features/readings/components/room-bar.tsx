import { Button, Kbd } from "@mantine/core";
import type { ReadingRead } from "../../../shared/api/types";
import { Tag } from "../../../shared/components/tag";
import type { RoomView } from "../lib/room-view";
import { describePlace } from "../lib/words";
import classes from "./room.module.css";

interface RoomBarProps {
  reading: ReadingRead;
  view: RoomView;
  onAsk: () => void;
  onPause: () => void;
  onHelp: () => void;
  onLeave: () => void;
}

/** Where one is, and the ways out. */
export function RoomBar({ reading, view, onAsk, onPause, onHelp, onLeave }: RoomBarProps) {
  const { item, next, done, paused } = view;
  const total = reading.show_progress && next && next.total > 0 ? next.total : null;
  return (
    <header className={classes.bar}>
      <h1 className={classes.title}>{reading.title}</h1>
      {item && (
        <span className={classes.place}>
          {describePlace(item, total, reading.sessions.length)}
          {item.practice && <Tag tone="warning">Practice, does not count</Tag>}
        </span>
      )}
      {total !== null && (
        <progress
          className={classes.progress}
          aria-label="Items done in this session"
          value={Math.min(done, total)}
          max={total}
        />
      )}
      <span className={classes.buttons}>
        <BarButton name="Ask" letter="Q" onClick={onAsk} disabled={!item || paused} />
        <BarButton name="Pause" letter="P" onClick={onPause} disabled={!item || paused} />
        <BarButton name="Help" letter="?" onClick={onHelp} />
        <Button variant="subtle" color="gray" size="compact-xs" onClick={onLeave}>
          Leave
        </Button>
      </span>
      <span className="visually-hidden" role="status">
        {item && !paused && describePlace(item, total, reading.sessions.length)}
      </span>
    </header>
  );
}

interface BarButtonProps {
  name: string;
  letter: string;
  onClick: () => void;
  disabled?: boolean;
}

function BarButton({ name, letter, onClick, disabled = false }: BarButtonProps) {
  return (
    <Button
      variant="subtle"
      color="gray"
      size="compact-xs"
      disabled={disabled}
      onClick={onClick}
      rightSection={<Kbd size="xs">{letter}</Kbd>}
    >
      {name}
    </Button>
  );
}
