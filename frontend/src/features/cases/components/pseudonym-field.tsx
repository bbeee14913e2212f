import { TextInput } from "@mantine/core";
import { type KeyboardEvent, useState } from "react";
import { messageOf } from "../../../shared/api/api-error";
import type { Case } from "../../../shared/api/types";
import { useUpdateCase } from "../api/update-case";
import { readOnlyReason } from "../lib/sharing";
import classes from "./pseudonym-field.module.css";

const LONGEST = 120;

/** The case's name, changed in place: Enter or leaving the field saves, Escape gives the old one back. */
export function PseudonymField({ entry }: { entry: Case }) {
  // Null while nobody edits, so that a change from elsewhere shows.
  const [draft, setDraft] = useState<string | null>(null);
  const update = useUpdateCase(entry.id);

  const save = () => {
    const pseudonym = draft?.trim();
    if (!pseudonym || pseudonym === entry.pseudonym) {
      setDraft(null);
      update.reset();
      return;
    }
    update.mutate({ pseudonym }, { onSuccess: () => setDraft(null) });
  };

  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === "Enter") {
      event.currentTarget.blur();
    } else if (event.key === "Escape") {
      setDraft(null);
      update.reset();
    }
  };

  return (
    <div className={classes.field}>
      <TextInput
        aria-label="Pseudonym of the case"
        classNames={{ input: classes.input }}
        value={draft ?? entry.pseudonym}
        readOnly={!entry.may_change}
        title={readOnlyReason(entry) ?? undefined}
        maxLength={LONGEST}
        error={update.isError}
        aria-describedby={update.isError ? `pseudonym-error-${entry.id}` : undefined}
        onChange={(event) => setDraft(event.currentTarget.value)}
        onBlur={save}
        onKeyDown={onKeyDown}
      />
      {update.isError && (
        <span id={`pseudonym-error-${entry.id}`} className={classes.error} role="alert">
          Not saved: {messageOf(update.error)}
        </span>
      )}
    </div>
  );
}
