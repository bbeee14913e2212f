import { useDebouncedValue, useDocumentTitle } from "@mantine/hooks";
import { useMemo, useState } from "react";
import { useSearchParams } from "react-router";
import { useCheck } from "../../features/concept-sets/api/check-concept-set";
import { RebaseDialog } from "../../features/concept-sets/components/rebase-dialog";
import { SaveDialog } from "../../features/concept-sets/components/save-dialog";
import { YamlPanel } from "../../features/concept-sets/components/yaml-panel";
import { type Draft, useDraft } from "../../features/concept-sets/hooks/use-draft";
import { useEditorKeys } from "../../features/concept-sets/hooks/use-editor-keys";
import type { Editor } from "../../features/concept-sets/lib/editor";
import { findProblems } from "../../features/concept-sets/lib/problems";
import { type Selection, selectionOf, stillThere } from "../../features/concept-sets/lib/selection";
import { draftKey } from "../../features/concept-sets/lib/stored-draft";
import { useAccount, useMay } from "../../shared/account/account-context";
import type { ConceptSet, Revision } from "../../shared/api/types";
import { DraftActions } from "./draft-actions";
import { DraftNotices } from "./draft-notices";
import { SetBar } from "./set-bar";
import { useEvidence } from "./use-evidence";
import { Workspace } from "./workspace";
import classes from "./workspace.module.css";

interface DraftPageProps {
  set: ConceptSet;
  newest: Revision;
}

const QUIET_MILLISECONDS = 500;

/** The newest revision, and what somebody makes of it. */
export function DraftPage({ set, newest }: DraftPageProps) {
  const account = useAccount();
  const may = useMay("concepts:write");
  const draft = useDraft(draftKey(account.id, set.id), newest);
  const [open, setOpen] = useState<"save" | "rebase" | null>(null);
  const state = useEvidence(set);
  const { editor, said } = useEditor(draft, newest, !may);
  const changes = useServerCheck(draft, may);
  useDocumentTitle(`${draft.content.title} · Vitrine`);
  const save = () => {
    if (draft.changed) {
      setOpen(draft.outdated ? "rebase" : "save");
    }
  };
  useEditorKeys({ undo: draft.undo, redo: draft.redo, save }, may && open === null);
  return (
    <div className={classes.page}>
      <SetBar
        title={draft.content.title || set.name}
        name={set.name}
        modality={draft.content.modality}
        state={stateWords(draft, newest, set, changes.count)}
        unsaved={draft.changed}
        actions={
          <DraftActions
            draft={draft}
            retrain={retrainAddress(set, newest, state.model?.id)}
            onSave={save}
          />
        }
      />
      <DraftNotices
        draft={draft}
        newest={newest}
        problems={changes.problems}
        onRebase={() => setOpen("rebase")}
      />
      <Workspace
        set={set}
        editor={editor}
        state={state}
        said={said}
        yaml={
          <YamlPanel
            revision={newest}
            baseId={may ? draft.baseId : null}
            name={set.name}
            changed={draft.changed}
            onReplace={(content) => draft.edit(() => content)}
          />
        }
      />
      {open === "save" && (
        <SaveDialog
          setId={set.id}
          baseId={draft.baseId}
          content={draft.content}
          onClose={() => setOpen(null)}
          onSaved={(revision) => {
            draft.takeOnto(revision, revision.content);
            setOpen(null);
          }}
          onNotNewest={() => setOpen("rebase")}
        />
      )}
      {open === "rebase" && newest.id !== draft.baseId && (
        <RebaseDialog
          baseId={draft.baseId}
          draft={draft.content}
          newest={newest}
          onClose={() => setOpen(null)}
          onTaken={(revision, content) => {
            draft.takeOnto(revision, content);
            setOpen("save");
          }}
        />
      )}
    </div>
  );
}

function useEditor(draft: Draft, newest: Revision, readOnly: boolean) {
  const [query] = useSearchParams();
  const [selection, select] = useState<Selection>(() => selectionOf(query.get("at")));
  const [said, announce] = useState("");
  const { content, edit } = draft;
  const problems = useMemo(() => findProblems(content), [content]);
  const editor: Editor = {
    content,
    saved: newest.content,
    readOnly,
    problems,
    selection: stillThere(selection, content),
    select,
    edit,
    announce,
  };
  return { editor, said };
}

/** What the server says of the draft, a moment after the last change. */
function useServerCheck(draft: Draft, may: boolean) {
  const [settled] = useDebouncedValue(draft.content, QUIET_MILLISECONDS);
  const check = useCheck(settled, draft.baseId, may && draft.changed);
  const data = draft.changed ? check.data : undefined;
  return { problems: data?.problems ?? [], count: data?.changes?.length ?? null };
}

function stateWords(draft: Draft, newest: Revision, set: ConceptSet, count: number | null): string {
  const revision = `Revision ${newest.number} of ${set.revisions}`;
  if (!draft.changed) {
    return revision;
  }
  const changes = count === null ? "Changes" : count === 1 ? "1 change" : `${count} changes`;
  return `${revision} · ${changes} not saved, kept on this computer`;
}

function retrainAddress(set: ConceptSet, newest: Revision, modelId: string | undefined): string {
  const query = new URLSearchParams({ concept_set: set.id, revision: newest.id });
  if (modelId) {
    query.set("parent", modelId);
  }
  return `/training/new?${query}`;
}
