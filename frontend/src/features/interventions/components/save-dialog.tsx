import { Button, Group, Textarea } from "@mantine/core";
import { useRef } from "react";
import { messageOf } from "../../../shared/api/api-error";
import type { Intervention } from "../../../shared/api/types";
import { Dialog } from "../../../shared/components/dialog";
import { Notice } from "../../../shared/components/notice";
import { useCreateIntervention } from "../api/create-intervention";
import type { Decision } from "../lib/decide";
import { type Edits, toWire } from "../lib/edits";
import { editWords } from "../lib/words";
import type { Workbench } from "../lib/workbench";
import classes from "./intervention-list.module.css";

interface SaveDialogProps {
  caseId: string;
  workbench: Workbench;
  edits: Edits;
  decision: Decision;
  /** Kept by whoever opens the dialog, so that closing it does not lose what was typed. */
  note: string;
  onNote: (note: string) => void;
  onClose: () => void;
  /** The stored one, and the largest difference between its probabilities and those on the page. */
  onSaved: (intervention: Intervention, difference: number) => void;
}

const LONGEST_NOTE = 1000;

/** Stores the edits. The server computes the outcome anew, and its figures are what is stored. */
export function SaveDialog(props: SaveDialogProps) {
  const { caseId, workbench, edits, decision, note, onNote, onClose, onSaved } = props;
  const { bench } = workbench;
  const create = useCreateIntervention(caseId, bench.predictionId);
  const wire = toWire(edits);
  // The second click of a double click comes before the button is drawn as waiting.
  const sent = useRef(false);
  const save = () => {
    if (sent.current) {
      return;
    }
    sent.current = true;
    create.mutate(
      { edits: wire, note: note.trim() },
      {
        onError: () => {
          sent.current = false;
        },
        onSuccess: (created) => {
          const figures = new Map(created.intervened.map((entry) => [entry.class_key, entry]));
          const differences = bench.classes.map(({ key }, at) =>
            Math.abs((figures.get(key)?.probability ?? 1) - (decision.probabilities[at] ?? 0)),
          );
          onSaved(created, Math.max(...differences));
        },
      },
    );
  };
  return (
    // Once it is on its way it is answered here: closing would leave open whether it was saved.
    <Dialog
      opened
      onClose={create.isPending ? undefined : onClose}
      title="Save as an intervention"
      width={480}
    >
      <ul className={classes.edits}>
        {wire.map((edit, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list does not change while the dialog is open
          <li key={at}>{editWords(edit, bench.head)}</li>
        ))}
      </ul>
      <Textarea
        label="Note (optional)"
        data-autofocus
        autosize
        minRows={2}
        maxRows={8}
        maxLength={LONGEST_NOTE}
        value={note}
        onChange={(event) => onNote(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
            save();
          }
        }}
      />
      <p className={classes.hint}>
        Whoever sees the case sees it, with your name. It cannot be changed afterwards.
      </p>
      {create.isError && (
        <Notice tone="error" title="It was not saved" live>
          {messageOf(create.error)}
        </Notice>
      )}
      <Group justify="flex-end" gap="xs" mt="sm">
        <Button variant="default" disabled={create.isPending} onClick={onClose}>
          Cancel
        </Button>
        <Button loading={create.isPending} onClick={save}>
          Save
        </Button>
      </Group>
    </Dialog>
  );
}
