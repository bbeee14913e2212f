import { Button, Textarea } from "@mantine/core";
import type { Case } from "../../../shared/api/types";
import { type NotesState, useNotes } from "../hooks/use-notes";
import classes from "./notes-field.module.css";

const LONGEST = 10_000;

/** Notes on the case. Give it the case's id as key. */
export function NotesField({ entry }: { entry: Case }) {
  const { notes, state, change, saveNow } = useNotes(entry);
  return (
    <div className={classes.notes}>
      <Textarea
        label="Notes"
        description="Without names or dates of birth: notes are shown in the case list."
        autosize
        minRows={5}
        maxRows={16}
        maxLength={LONGEST}
        value={notes}
        onChange={(event) => change(event.currentTarget.value)}
        onBlur={() => void saveNow()}
      />
      <div className={classes.state} data-kind={state.kind}>
        <span role="status">{words(state)}</span>
        {state.kind === "unsaved" && (
          <Button variant="default" size="compact-xs" onClick={() => void saveNow()}>
            Save now
          </Button>
        )}
      </div>
    </div>
  );
}

function words(state: NotesState): string {
  switch (state.kind) {
    case "saved":
      return "Saved";
    case "typing":
      return "Not saved yet";
    case "saving":
      return "Saving …";
    case "unsaved": {
      const next = state.retrying
        ? "Kept on this computer and sent again."
        : "Kept on this computer.";
      return `Not saved. ${state.problem} ${next}`;
    }
  }
}
