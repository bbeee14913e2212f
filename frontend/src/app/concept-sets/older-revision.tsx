import { Button } from "@mantine/core";
import { useDisclosure, useDocumentTitle } from "@mantine/hooks";
import { useState } from "react";
import { Link } from "react-router";
import { RevisionDifference } from "../../features/concept-sets/components/revision-history";
import { YamlPanel } from "../../features/concept-sets/components/yaml-panel";
import type { Editor } from "../../features/concept-sets/lib/editor";
import { type Selection, stillThere, WHOLE_SET } from "../../features/concept-sets/lib/selection";
import type { ConceptSet, Revision } from "../../shared/api/types";
import { Dialog } from "../../shared/components/dialog";
import { Notice } from "../../shared/components/notice";
import { formatDateTime } from "../../shared/lib/format";
import { SetBar } from "./set-bar";
import { useEvidence } from "./use-evidence";
import { Workspace } from "./workspace";
import classes from "./workspace.module.css";

interface OlderRevisionProps {
  set: ConceptSet;
  revision: Revision;
  newest: Revision;
}

/** A revision as it was: to look at, and to hold against the newest one. */
export function OlderRevision({ set, revision, newest }: OlderRevisionProps) {
  useDocumentTitle(`${revision.content.title}, revision ${revision.number} · Vitrine`);
  const [selection, select] = useState<Selection>(WHOLE_SET);
  const [opened, dialog] = useDisclosure(false);
  const state = useEvidence(set);
  const editor: Editor = {
    content: revision.content,
    saved: revision.content,
    readOnly: true,
    problems: [],
    selection: stillThere(selection, revision.content),
    select,
    edit: () => undefined,
    announce: () => undefined,
  };
  return (
    <div className={classes.page}>
      <SetBar
        title={revision.content.title}
        name={set.name}
        modality={revision.content.modality}
        state={`Revision ${revision.number} of ${set.revisions}, ${formatDateTime(revision.created_at)}`}
      />
      <div className={classes.notices}>
        <Notice
          tone="info"
          title={`Revision ${revision.number} is not the newest, so it can only be looked at`}
          actions={
            <>
              <Button variant="default" size="compact-xs" onClick={dialog.open}>
                What changed since
              </Button>
              <Button
                component={Link}
                to={`/concept-sets/${set.id}`}
                variant="default"
                size="compact-xs"
              >
                Go to the newest
              </Button>
            </>
          }
        />
      </div>
      <Workspace
        set={set}
        editor={editor}
        state={state}
        said=""
        yaml={
          <YamlPanel
            revision={revision}
            baseId={null}
            name={set.name}
            changed={false}
            onReplace={() => undefined}
          />
        }
      />
      <Dialog
        opened={opened}
        onClose={dialog.close}
        title={`From revision ${revision.number} to revision ${newest.number}`}
        width={640}
      >
        {opened && <RevisionDifference from={revision.id} to={newest.id} />}
      </Dialog>
    </div>
  );
}
