import { Tabs } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { useSearchParams } from "react-router";
import { ClassTable } from "../../features/concept-sets/components/class-table";
import { OptionTree } from "../../features/concept-sets/components/option-tree";
import { ReplaceDialog } from "../../features/concept-sets/components/replace-dialog";
import { RevisionHistory } from "../../features/concept-sets/components/revision-history";
import { SelectedFields } from "../../features/concept-sets/components/selected-fields";
import { countOptions } from "../../features/concept-sets/lib/content";
import type { Editor } from "../../features/concept-sets/lib/editor";
import { EvidenceBar } from "../../features/diagnoses/components/evidence-bar";
import { FlagBadges, NewBadge } from "../../features/diagnoses/components/flag-badges";
import { FlagSummary } from "../../features/diagnoses/components/flag-summary";
import { type FlagFilter, passing } from "../../features/diagnoses/lib/evidence";
import type { ConceptSet } from "../../shared/api/types";
import { EvidenceColumn } from "./evidence-column";
import { type EvidenceState, useReadyDatasets } from "./use-evidence";
import classes from "./workspace.module.css";

interface WorkspaceProps {
  set: ConceptSet;
  editor: Editor;
  state: EvidenceState;
  said: string;
  /** The tab with the file. */
  yaml: ReactNode;
}

const TABS = ["options", "table", "history", "yaml"] as const;

/** The parts of a concept set: options with their evidence, class table, history, file. */
export function Workspace({ set, editor, state, said, yaml }: WorkspaceProps) {
  const [query, setQuery] = useSearchParams();
  const tab = TABS.find((each) => each === query.get("tab")) ?? "options";
  const [filter, setFilter] = useState<FlagFilter>("all");
  const [replacing, setReplacing] = useState<{ group: string; option: string } | null>(null);
  const { evidence } = state;
  const badges = (id: string) => {
    if (!evidence) {
      return null;
    }
    return evidence.options.has(id) ? (
      <FlagBadges flags={evidence.flags.get(id) ?? []} />
    ) : (
      <NewBadge />
    );
  };
  const replace = (group: string, option: string) => setReplacing({ group, option });
  return (
    <>
      <EvidenceLine state={state} filter={filter} onFilter={setFilter} />
      <Tabs
        className={classes.tabs}
        value={tab}
        keepMounted={false}
        onChange={(next) =>
          setQuery(
            (before) => {
              before.set("tab", next ?? "options");
              return before;
            },
            { replace: true },
          )
        }
      >
        <Tabs.List>
          <Tabs.Tab value="options">Options ({countOptions(editor.content)})</Tabs.Tab>
          <Tabs.Tab value="table">Class table</Tabs.Tab>
          <Tabs.Tab value="history">History ({set.revisions})</Tabs.Tab>
          <Tabs.Tab value="yaml">YAML</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="options" className={classes.panel}>
          <div className={classes.columns}>
            <OptionTree
              editor={editor}
              shown={passing(evidence, filter)}
              badges={badges}
              onReplace={replace}
              said={said}
            />
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard must be able to */}
            <section className={classes.fields} aria-label="What is selected" tabIndex={0}>
              <SelectedFields editor={editor} onReplace={replace} />
            </section>
            <EvidenceColumn editor={editor} state={state} />
          </div>
        </Tabs.Panel>
        <Tabs.Panel value="table" className={classes.panel}>
          <ClassTable editor={editor} />
        </Tabs.Panel>
        <Tabs.Panel value="history" className={classes.panel}>
          <RevisionHistory
            setId={set.id}
            newestId={set.latest.id}
            addressOf={(id) => `/concept-sets/${set.id}?revision=${id}`}
          />
        </Tabs.Panel>
        <Tabs.Panel value="yaml" className={classes.panel}>
          {yaml}
        </Tabs.Panel>
      </Tabs>
      {replacing && (
        <ReplaceDialog editor={editor} {...replacing} onClose={() => setReplacing(null)} />
      )}
    </>
  );
}

interface EvidenceLineProps {
  state: EvidenceState;
  filter: FlagFilter;
  onFilter: (filter: FlagFilter) => void;
}

function EvidenceLine({ state, filter, onFilter }: EvidenceLineProps) {
  const datasets = useReadyDatasets();
  const { model, mayRead, evidence } = state;
  if (!model || !mayRead) {
    return null;
  }
  return (
    <div className={classes.evidence}>
      <EvidenceBar
        models={state.models}
        chosen={model}
        onChoose={state.choose}
        diagnoses={state.diagnoses}
        datasets={datasets}
      />
      {evidence && <FlagSummary evidence={evidence} filter={filter} onFilter={onFilter} />}
    </div>
  );
}
