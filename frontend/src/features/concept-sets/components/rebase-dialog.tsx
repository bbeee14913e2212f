import { Button, Group } from "@mantine/core";
import { useState } from "react";
import type { ConceptSetContent, Revision } from "../../../shared/api/types";
import { Busy } from "../../../shared/components/busy";
import { Dialog } from "../../../shared/components/dialog";
import { QueryError } from "../../../shared/components/query-error";
import { useDiff } from "../api/diff-revisions";
import { useRevision } from "../api/get-revision";
import { type Conflict, merge } from "../lib/merge";
import { ChangeBox } from "./change-list";
import classes from "./save-dialog.module.css";

interface RebaseDialogProps {
  /** The revision that the draft began with. */
  baseId: string;
  draft: ConceptSetContent;
  newest: Revision;
  onClose: () => void;
  onTaken: (revision: Revision, content: ConceptSetContent) => void;
}

/** Somebody saved since the draft was begun: what they changed, and the draft on top of it. */
export function RebaseDialog(props: RebaseDialogProps) {
  const { newest, onClose } = props;
  return (
    <Dialog
      opened
      onClose={onClose}
      title={`Revision ${newest.number} was saved meanwhile`}
      width={680}
    >
      <Content {...props} />
    </Dialog>
  );
}

function Content({ baseId, draft, newest, onClose, onTaken }: RebaseDialogProps) {
  const base = useRevision(baseId);
  const diff = useDiff(baseId, newest.id);
  const failed = base.error ?? diff.error;
  if (failed) {
    return (
      <QueryError
        title="What was saved meanwhile could not be read"
        error={failed}
        onRetry={() => {
          void base.refetch();
          void diff.refetch();
        }}
      />
    );
  }
  if (!base.data || !diff.data) {
    return <Busy>Reading what was saved meanwhile</Busy>;
  }
  const merged = merge(base.data.content, draft, newest.content);
  return (
    <div className={classes.form}>
      <p style={{ margin: 0 }}>
        {newest.author?.name ?? "Vitrine"} saved it: “{newest.reason || "no reason given"}”. Your
        draft began with revision {base.data.number}. Nothing of it is lost.
      </p>
      <div>
        <h3 className={classes.heading}>What changed since revision {base.data.number}</h3>
        <ChangeBox changes={diff.data.changes} label="What changed meanwhile" />
      </div>
      <Conflicts
        conflicts={merged.conflicts}
        number={newest.number}
        content={merged.content}
        onClose={onClose}
        onTake={(content) => onTaken(newest, content)}
      />
    </div>
  );
}

interface ConflictsProps {
  conflicts: readonly Conflict[];
  number: number;
  content: ConceptSetContent;
  onClose: () => void;
  onTake: (content: ConceptSetContent) => void;
}

function Conflicts({ conflicts, number, content, onClose, onTake }: ConflictsProps) {
  const [theirs, setTheirs] = useState<ReadonlySet<string>>(new Set());
  const toggle = (what: string) => {
    const next = new Set(theirs);
    if (!next.delete(what)) {
      next.add(what);
    }
    setTheirs(next);
  };
  const result = () =>
    conflicts
      .filter(({ what }) => theirs.has(what))
      .reduce((all, conflict) => conflict.takeTheirs(all), content);
  return (
    <>
      {conflicts.length > 0 && (
        <div>
          <h3 className={classes.heading}>Changed on both sides ({conflicts.length})</h3>
          <ul className={classes.conflicts}>
            {conflicts.map(({ what, mine, theirs: other }) => (
              <li key={what} className={classes.conflict}>
                <strong>{what}</strong>
                <Button
                  variant="default"
                  size="compact-xs"
                  aria-pressed={theirs.has(what)}
                  onClick={() => toggle(what)}
                >
                  {theirs.has(what) ? "Theirs is taken" : "Take theirs"}
                </Button>
                <span>
                  Yours: {mine}
                  <br />
                  Theirs: {other}
                </span>
              </li>
            ))}
          </ul>
        </div>
      )}
      <p className={classes.hint}>
        What only one side changed stays as that side has it.
        {conflicts.length > 0 && " Where both did, yours stays unless you take theirs."} Nothing is
        saved yet.
      </p>
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          Not now
        </Button>
        <Button data-autofocus onClick={() => onTake(result())}>
          Take my draft onto revision {number}
        </Button>
      </Group>
    </>
  );
}
