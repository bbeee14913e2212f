import { Textarea } from "@mantine/core";
import type { Case } from "../../../shared/api/types";
import classes from "./notes-field.module.css";

/** Somebody else's notes: to be read, selected and copied. */
export function ReadOnlyNotes({ entry }: { entry: Case }) {
  return (
    <div className={classes.notes}>
      <Textarea
        label="Notes"
        description="Read only: the case belongs to somebody else."
        autosize
        minRows={2}
        maxRows={16}
        readOnly
        variant="filled"
        placeholder="No notes"
        value={entry.notes}
      />
    </div>
  );
}
