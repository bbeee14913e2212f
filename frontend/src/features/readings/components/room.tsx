import { Button } from "@mantine/core";
import { useCallback, useRef, useState } from "react";
import type { ReadingRead } from "../../../shared/api/types";
import { Busy } from "../../../shared/components/busy";
import { useNextItemMeasure } from "../hooks/use-next-item-measure";
import { useReadingRoom } from "../hooks/use-reading-room";
import { useRoomKeys } from "../hooks/use-room-keys";
import { missing } from "../lib/given";
import type { ReadingRoom } from "../lib/reading-room";
import type { RoomView } from "../lib/room-view";
import { AskDialog } from "./ask-dialog";
import { ItemView } from "./item-view";
import classes from "./room.module.css";
import { RoomBar } from "./room-bar";
import { RoomHelp } from "./room-help";
import { RoomNotices } from "./room-notices";
import { Ended, Paused, RoomState } from "./room-states";
import { SubmitBar } from "./submit-bar";

interface RoomProps {
  reading: ReadingRead;
  /** To the page of the study. */
  onLeave: () => void;
}

/** The reading room: one item at a time, and nothing else. */
export function Room({ reading, onLeave }: RoomProps) {
  const [room, view] = useReadingRoom(reading.study_id, reading.idle_seconds);
  const [over, setOver] = useState<"help" | "ask" | null>(null);
  const { item, paused, phase } = view;
  const close = () => setOver(null);
  const pause = () => room.pause();
  return (
    <div className={classes.room}>
      <RoomBar
        reading={reading}
        view={view}
        onAsk={() => setOver("ask")}
        onPause={pause}
        onHelp={() => setOver("help")}
        onLeave={onLeave}
      />
      <main className={classes.main} id="main" tabIndex={-1}>
        {(phase !== "item" || paused) && <RoomNotices room={room} view={view} />}
        <div className={classes.content}>
          {phase === "item" && !paused && (
            <Item
              room={room}
              view={view}
              free={over === null}
              onAsk={() => setOver("ask")}
              onHelp={() => setOver("help")}
            />
          )}
          {phase === "item" && paused && <Paused onResume={() => room.resume()} />}
          {phase === "loading" && <Busy>Loading the next item</Busy>}
          {phase === "between" && (
            <RoomState title="Saving your last answer">
              <p>What comes next is shown as soon as it is saved.</p>
            </RoomState>
          )}
          {phase === "failed" && (
            <RoomState title="The next item could not be loaded">
              <p>{view.problem} Your answers are kept.</p>
              <Button onClick={() => room.retry()}>Try again</Button>
            </RoomState>
          )}
          {phase === "ended" && <Ended next={view.next} onLeave={onLeave} />}
        </div>
      </main>
      <RoomHelp reading={reading} opened={over === "help"} onClose={close} />
      {over === "ask" && (
        <AskDialog
          studyId={reading.study_id}
          coordinator={reading.coordinator}
          item={item}
          onClose={close}
        />
      )}
    </div>
  );
}

interface ItemProps {
  room: ReadingRoom;
  view: RoomView;
  /** Nothing lies over it. */
  free: boolean;
  onAsk: () => void;
  onHelp: () => void;
}

function Item({ room, view, free, onAsk, onHelp }: ItemProps) {
  const { item, given, lacking, attention } = view;
  const submitButton = useRef<HTMLButtonElement>(null);
  const comment = useRef<HTMLTextAreaElement>(null);
  const measure = useNextItemMeasure();
  const submit = () => {
    const pressed = performance.now();
    room.submit();
    const after = room.getView();
    if (after.item !== item || after.queued) {
      measure.begin(pressed);
    }
  };
  const onShown = useCallback(() => {
    room.painted();
    measure.end();
  }, [room, measure.end]);
  useRoomKeys({
    onSubmit: submit,
    onComment: () => comment.current?.focus(),
    onPause: () => room.pause(),
    onAsk,
    onHelp,
    active: free,
  });
  if (!item) {
    return null;
  }
  return (
    <ItemView
      content={item.content}
      image={item.image}
      width={item.width}
      height={item.height}
      answers={given.answers}
      onAnswer={(key, answer) => room.answer(key, answer)}
      cannotJudge={given.cannotJudge}
      onCannotJudge={(cannot) => room.cannotJudge(cannot)}
      readOnly={false}
      lacking={lacking}
      attention={attention}
      onShown={onShown}
      onComplete={() => submitButton.current?.focus({ preventScroll: true })}
    >
      <RoomNotices room={room} view={view} />
      <SubmitBar
        room={room}
        view={view}
        onSubmit={submit}
        submitButton={submitButton}
        comment={comment}
        open={missing(item.content, given).length}
      />
    </ItemView>
  );
}
