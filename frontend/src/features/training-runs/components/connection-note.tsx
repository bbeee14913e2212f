import { IconPlugConnected, IconPlugConnectedX } from "@tabler/icons-react";
import type { Connection } from "../../../shared/hooks/use-event-source";
import classes from "./connection-note.module.css";

const WORDS: Record<Exclude<Connection, "off">, string> = {
  connecting: "Connecting",
  live: "Live",
  reconnecting: "Reconnecting",
  asking: "No live connection, asking every 5 s",
};

/** Whether what is shown comes in by itself. */
export function ConnectionNote({ connection }: { connection: Connection }) {
  const Icon = connection === "live" ? IconPlugConnected : IconPlugConnectedX;
  return (
    <span className={classes.note} data-connection={connection} role="status">
      {connection !== "off" && (
        <>
          <Icon size={14} aria-hidden />
          {WORDS[connection]}
        </>
      )}
    </span>
  );
}
