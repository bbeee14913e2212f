import { Button, Group, Textarea } from "@mantine/core";
import { useRef, useState } from "react";
import { ApiError, messageOf } from "../../../shared/api/api-error";
import type { ConceptSetCheck, ConceptSetContent, Revision } from "../../../shared/api/types";
import { Busy } from "../../../shared/components/busy";
import { Dialog } from "../../../shared/components/dialog";
import { Notice } from "../../../shared/components/notice";
import { QueryError } from "../../../shared/components/query-error";
import { useCheck } from "../api/check-concept-set";
import { useCreateRevision } from "../api/create-revision";
import { ChangeBox } from "./change-list";
import classes from "./save-dialog.module.css";

interface SaveDialogProps {
  setId: string;
  baseId: string;
  content: ConceptSetContent;
  onClose: () => void;
  onSaved: (revision: Revision) => void;
  /** Somebody saved meanwhile; nothing was saved here and nothing is lost. */
  onNotNewest: () => void;
}

const LONGEST_REASON = 500;

/** What saving changes, in words, and why. */
export function SaveDialog(props: SaveDialogProps) {
  const { setId, baseId, content, onClose, onSaved, onNotNewest } = props;
  const check = useCheck(content, baseId, true);
  const create = useCreateRevision(setId);
  const sent = useRef(false);
  const save = (reason: string) => {
    if (sent.current) {
      return;
    }
    sent.current = true;
    create.mutate(
      { content: { ...content }, parent_revision_id: baseId, reason },
      {
        onSuccess: onSaved,
        onError: (error) => {
          sent.current = false;
          if (isNotNewest(error)) {
            onNotNewest();
          }
        },
      },
    );
  };
  const fresh = check.data && !check.isPlaceholderData ? check.data : null;
  return (
    <Dialog
      opened
      onClose={create.isPending ? undefined : onClose}
      title="Save a revision"
      width={640}
    >
      {check.isError ? (
        <QueryError
          title="The draft could not be checked"
          error={check.error}
          onRetry={() => void check.refetch()}
        />
      ) : fresh ? (
        <SaveForm
          check={fresh}
          pending={create.isPending}
          error={isNotNewest(create.error) ? null : create.error}
          onClose={onClose}
          onSave={save}
        />
      ) : (
        <Busy>Checking the draft</Busy>
      )}
    </Dialog>
  );
}

export function isNotNewest(error: unknown): boolean {
  return error instanceof ApiError && error.code === "concept_set_revision_not_newest";
}

interface SaveFormProps {
  check: ConceptSetCheck;
  pending: boolean;
  error: Error | null;
  onClose: () => void;
  onSave: (reason: string) => void;
}

function SaveForm({ check, pending, error, onClose, onSave }: SaveFormProps) {
  const [reason, setReason] = useState("");
  const [asked, setAsked] = useState(false);
  const missing = reason.trim() === "";
  if (check.problems.length > 0) {
    return <Unsavable problems={check.problems} onClose={onClose} />;
  }
  const changes = check.changes ?? [];
  const warnings = check.warnings ?? [];
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        setAsked(true);
        if (!missing) {
          onSave(reason.trim());
        }
      }}
    >
      <div>
        <h3 className={classes.heading}>What changes ({changes.length})</h3>
        <ChangeBox
          changes={changes}
          label="What changes"
          none="Nothing differs from the newest revision, so there is nothing to save."
        />
      </div>
      {warnings.length > 0 && (
        <Notice tone="warning" title="It can be saved, but could be better">
          <ul className={classes.list}>
            {warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </Notice>
      )}
      <Textarea
        label="Why"
        description="In a line, for those who read the history."
        aria-required
        data-autofocus
        autosize
        minRows={1}
        maxRows={4}
        maxLength={LONGEST_REASON}
        value={reason}
        error={asked && missing ? "Say why, so that others can follow it." : null}
        // One line: Enter saves.
        onKeyDown={(event) => {
          if (event.key === "Enter") {
            event.preventDefault();
            event.currentTarget.form?.requestSubmit();
          }
        }}
        onChange={(event) => setReason(event.currentTarget.value.replace(/\n/g, " "))}
      />
      <p className={classes.hint}>
        Models keep the revision that they were trained with. A model uses this one after it is
        retrained.
      </p>
      {error && (
        <Notice tone="error" title="It was not saved" live>
          {messageOf(error)}
        </Notice>
      )}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" disabled={pending} onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" loading={pending} disabled={changes.length === 0}>
          Save
        </Button>
      </Group>
    </form>
  );
}

function Unsavable({ problems, onClose }: { problems: readonly string[]; onClose: () => void }) {
  return (
    <div className={classes.form}>
      <Notice tone="error" title="It cannot be saved like this" live>
        <ul className={classes.list}>
          {problems.map((problem) => (
            <li key={problem}>{problem}</li>
          ))}
        </ul>
      </Notice>
      <Group justify="flex-end" gap="xs">
        <Button onClick={onClose} data-autofocus>
          Back to the draft
        </Button>
      </Group>
    </div>
  );
}
