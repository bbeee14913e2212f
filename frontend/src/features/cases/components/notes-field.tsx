import { Textarea } from "@mantine/core";
import type { Case } from "../../../shared/api/types";
import { SaveState } from "../../../shared/components/save-state";
import { useNotes } from "../hooks/use-notes";
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
      <SaveState state={state} onSave={() => void saveNow()} />
    </div>
  );
}
