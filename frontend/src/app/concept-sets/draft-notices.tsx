import { Button } from "@mantine/core";
import type { Draft } from "../../features/concept-sets/hooks/use-draft";
import { useMay } from "../../shared/account/account-context";
import type { Revision } from "../../shared/api/types";
import { Notice } from "../../shared/components/notice";
import classes from "./workspace.module.css";

interface DraftNoticesProps {
  draft: Draft;
  newest: Revision;
  /** What the server finds wrong with the draft. */
  problems: readonly string[];
  onRebase: () => void;
}

const SHOWN = 3;

/** What somebody has to know before going on: a draft of an earlier visit, a newer revision, faults. */
export function DraftNotices({ draft, newest, problems, onRebase }: DraftNoticesProps) {
  const may = useMay("concepts:write");
  const found = draft.found && draft.changed && !draft.outdated;
  if (may && !draft.outdated && !found && problems.length === 0) {
    return null;
  }
  return (
    <div className={classes.notices}>
      {!may && (
        <Notice tone="info" title="To look at">
          Researchers and administrators can edit concept sets.
        </Notice>
      )}
      {draft.outdated && (
        <Notice
          tone="warning"
          live
          title={`${newest.author?.name ?? "Vitrine"} saved revision ${newest.number} since you began`}
          actions={
            <Button variant="default" size="compact-xs" onClick={onRebase}>
              Take my draft onto it …
            </Button>
          }
        >
          Your draft is kept as it is. It can be saved after it is taken onto that revision.
        </Notice>
      )}
      {found && (
        <Notice tone="info" title="Your draft of an earlier visit">
          It was kept on this computer and is not saved yet.
        </Notice>
      )}
      {problems.length > 0 && (
        <Notice tone="warning" title="It cannot be saved like this yet" live>
          <ul>
            {problems.slice(0, SHOWN).map((problem) => (
              <li key={problem}>{problem}</li>
            ))}
            {problems.length > SHOWN && <li>and {problems.length - SHOWN} more</li>}
          </ul>
        </Notice>
      )}
    </div>
  );
}
