import { Button } from "@mantine/core";
import { Notice } from "../../../shared/components/notice";
import type { DesignDraft } from "../hooks/use-design-draft";
import type { Merged } from "../lib/merge";

interface ConflictNoticeProps {
  draft: DesignDraft;
  conflict: Merged;
}

/** Somebody else saved first. Theirs is on the server, mine still here; nothing is lost until one chooses. */
export function ConflictNotice({ draft, conflict }: ConflictNoticeProps) {
  const { mine, theirs, both } = conflict;
  return (
    <Notice
      tone="warning"
      live
      title="Somebody else saved this draft after you opened it"
      actions={
        <>
          <Button onClick={draft.keepMine}>Put my changes on theirs</Button>
          <Button variant="default" onClick={draft.takeTheirs}>
            Take theirs, drop mine
          </Button>
        </>
      }
    >
      Theirs is what the server has now; yours is kept on this computer and stands below. They
      changed: {listed(theirs)}. You changed: {listed(mine)}.{" "}
      {both.length > 0
        ? `Where both of you did (${listed(both)}), yours would replace theirs.`
        : "Nothing was changed by both of you."}
    </Notice>
  );
}

const listed = (parts: readonly string[]) => (parts.length > 0 ? parts.join(", ") : "nothing");
