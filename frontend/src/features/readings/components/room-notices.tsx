import { Button } from "@mantine/core";
import { Notice } from "../../../shared/components/notice";
import type { ReadingRoom } from "../lib/reading-room";
import type { RoomView } from "../lib/room-view";
import classes from "./room.module.css";

/** What the reader did not expect, and an answer that has not arrived. */
export function RoomNotices({ room, view }: { room: ReadingRoom; view: RoomView }) {
  const { word, unsent, item } = view;
  return (
    <div className={classes.notices}>
      {word && (
        <Notice tone="warning" title="Please note" live>
          {word}
        </Notice>
      )}
      {unsent && unsent.problem !== null && (
        <Notice
          tone="warning"
          title={`The answer to item ${unsent.number} is not saved yet`}
          live
          actions={
            <Button variant="default" size="compact-xs" onClick={() => room.retryNow()}>
              Try now
            </Button>
          }
        >
          {unsent.problem} It is kept on this computer and sent again until it arrives.
          {item && " You may go on with the item that is shown."}
        </Notice>
      )}
    </div>
  );
}
