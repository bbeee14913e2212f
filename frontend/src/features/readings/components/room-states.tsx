import { Button, Kbd } from "@mantine/core";
import type { ReactNode } from "react";
import type { ReadingNext } from "../../../shared/api/types";
import { useShortcuts } from "../../../shared/hooks/use-shortcuts";
import { formatDateTime } from "../../../shared/lib/format";
import { bothCases } from "../lib/both-cases";
import classes from "./room.module.css";

interface RoomStateProps {
  title: string;
  children: ReactNode;
}

/** In place of an item: something in words, and a button. */
export function RoomState({ title, children }: RoomStateProps) {
  return (
    <div className={classes.state}>
      <h2>{title}</h2>
      {children}
    </div>
  );
}

/** The item is hidden, and the clock stands. */
export function Paused({ onResume }: { onResume: () => void }) {
  useShortcuts(bothCases({ p: onResume }));
  return (
    <RoomState title="Paused">
      <p>
        The item is hidden and no time is counted. What you gave is kept; you may also close the
        browser and come back later.
      </p>
      <Button onClick={onResume} autoFocus rightSection={<Kbd size="xs">Enter</Kbd>}>
        Go on reading
      </Button>
    </RoomState>
  );
}

interface EndedProps {
  next: ReadingNext | null;
  /** Back to the page of the study. */
  onLeave: () => void;
}

/** Nothing comes now: the session is done, or the study. */
export function Ended({ next, onLeave }: EndedProps) {
  return (
    <RoomState title={endTitle(next)}>
      <p>{endWords(next)}</p>
      <Button onClick={onLeave} autoFocus>
        Back to the study
      </Button>
    </RoomState>
  );
}

function endTitle(next: ReadingNext | null): string {
  switch (next?.status) {
    case "washout":
      return "This session is done";
    case "finished":
      return "Thank you. You have read every item";
    case "closed":
      return "The study is closed";
    default:
      return "There is nothing to read now";
  }
}

function endWords(next: ReadingNext | null): string {
  switch (next?.status) {
    case "washout":
      return next.opens_at
        ? `All answers are saved. The next session opens on ${formatDateTime(next.opens_at)}; until then the images have time to be forgotten, which is part of the study's design.`
        : "All answers are saved. The next session opens later.";
    case "finished":
      return "All answers are saved and locked. Nothing is left to do.";
    case "closed":
      return "It takes no more answers. What you answered until then is kept.";
    default:
      return "Look at the page of the study for what comes next.";
  }
}
