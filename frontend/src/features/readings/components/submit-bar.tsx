import { Button, Kbd } from "@mantine/core";
import type { RefObject } from "react";
import { SaveState } from "../../../shared/components/save-state";
import { isEmpty } from "../lib/given";
import type { ReadingRoom } from "../lib/reading-room";
import type { RoomView } from "../lib/room-view";
import classes from "./room.module.css";

interface SubmitBarProps {
  room: ReadingRoom;
  view: RoomView;
  onSubmit: () => void;
  submitButton: RefObject<HTMLButtonElement | null>;
  comment: RefObject<HTMLTextAreaElement | null>;
  /** Questions that are still needed. */
  open: number;
}

/** The comment, what is still missing, and the way on. */
export function SubmitBar({ room, view, onSubmit, submitButton, comment, open }: SubmitBarProps) {
  const { given, unsent, queued, draft } = view;
  return (
    <div className={classes.submit}>
      <label className={classes.comment}>
        <span>
          Comment (optional) <Kbd size="xs">C</Kbd>
        </span>
        <textarea
          ref={comment}
          rows={1}
          maxLength={4000}
          value={given.comment}
          onChange={(event) => room.comment(event.currentTarget.value)}
          onKeyDown={(event) => event.key === "Escape" && submitButton.current?.focus()}
        />
      </label>
      <div className={classes.way}>
        <Button
          ref={submitButton}
          // Said to be disabled, and yet it can be pressed: then it says what is missing.
          aria-disabled={open > 0}
          data-open={open > 0}
          className={classes.button}
          onClick={onSubmit}
          rightSection={<Kbd size="xs">Enter</Kbd>}
        >
          Submit
        </Button>
        <span className={classes.missing} role="status">
          {missingWords(open, queued)}
        </span>
      </div>
      <div className={classes.saved}>
        {unsent && unsent.problem === null && (
          <span role="status">Saving the answer to item {unsent.number} …</span>
        )}
        {unsent === null && !(draft.kind === "saved" && isEmpty(given)) && (
          <SaveState state={draft} onSave={() => room.retryNow()} />
        )}
      </div>
    </div>
  );
}

function missingWords(open: number, queued: boolean): string {
  if (queued) {
    return "Submitted as soon as the answer before it is saved.";
  }
  if (open === 0) {
    return "Answers are locked when submitted.";
  }
  return open === 1 ? "One answer is missing." : `${open} answers are missing.`;
}
