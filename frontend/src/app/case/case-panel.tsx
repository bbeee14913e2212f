import { Button, Tabs } from "@mantine/core";
import type { ReactNode } from "react";
import { Link, useNavigate } from "react-router";
import { CaseFacts } from "../../features/cases/components/case-facts";
import { DeleteCaseButton } from "../../features/cases/components/delete-case-button";
import { NotesField } from "../../features/cases/components/notes-field";
import { ReadOnlyNotes } from "../../features/cases/components/read-only-notes";
import { ModelReliability } from "../../features/evidence/components/model-reliability";
import { RemovedButton } from "../../features/intake/components/removed-button";
import { LabelPanel } from "../../features/labels/components/label-panel";
import { ClassList } from "../../features/predictions/components/class-list";
import { CodebookPanel } from "../../features/predictions/components/codebook-panel";
import { ConceptPanel } from "../../features/predictions/components/concept-panel";
import { FamiliarityWarning } from "../../features/predictions/components/familiarity-note";
import { HeaderNote } from "../../features/predictions/components/header-note";
import { ModelChoiceNote } from "../../features/predictions/components/model-choice-note";
import { PredictionHistory } from "../../features/predictions/components/prediction-history";
import { RunState } from "../../features/predictions/components/run-state";
import type { Selection, SelectionAction } from "../../features/predictions/lib/selection";
import { useValueState } from "../../features/viewer/hooks/use-shown-values";
import { useModels } from "../../shared/api/list-models";
import type { Prediction } from "../../shared/api/types";
import { Busy } from "../../shared/components/busy";
import { QueryError } from "../../shared/components/query-error";
import { codeColor, cssColor } from "../../shared/imaging/colormap";
import classes from "./case-page.module.css";
import { CaseSharing } from "./case-sharing";
import type { CaseWorkspaceProps } from "./case-workspace-props";
import { ExplainedView } from "./explained-view";
import type { PanelTab } from "./panel-tab";
import { useGroupMarks } from "./use-group-marks";

interface CasePanelProps extends CaseWorkspaceProps {
  tab: PanelTab;
  onTab: (tab: PanelTab) => void;
  selection: Selection;
  onSelection: (action: SelectionAction) => void;
  /** Whose contributions are shown; null: the predicted one. */
  classKey: string | null;
  onClass: (classKey: string) => void;
  /** How many there are. */
  edits: number;
  /** The workbench; nothing without a prediction. */
  whatIf: ReactNode;
}

/** Right of the image: concepts, workbench, codebook, and the case itself with its notes. */
export function CasePanel(props: CasePanelProps) {
  const { entry, prediction, predictions, run, onRequest, onChoose, modelChoice, tab, onTab } =
    props;
  const navigate = useNavigate();
  const models = useModels();
  const model = models.data?.find(({ id }) => id === prediction?.model.id);
  const purpose = model?.concept_set.title ?? null;
  // With an older prediction on screen a new run is shown above it.
  const { values } = props.caseValues;
  const standard = useValueState(values?.view ?? null, (_, view) => view.isStandard, true);
  const running = run?.status === "pending";
  const showsRun = running || run?.status === "error" || !prediction;
  return (
    <aside className={classes.panel} aria-label="Explanation and case">
      {prediction && (
        <ModelChoiceNote prediction={prediction} purpose={purpose} modelChoice={modelChoice} />
      )}
      {prediction && <HeaderNote prediction={prediction} modelChoice={modelChoice} />}
      {prediction && <FamiliarityWarning familiarity={prediction.familiarity} />}
      {prediction && values && (
        <ExplainedView
          values={values}
          prediction={prediction}
          busy={running}
          onRequest={onRequest}
        />
      )}
      <Tabs
        value={tab}
        onChange={(value) => value && onTab(value as PanelTab)}
        className={classes.tabs}
        keepMounted={false}
      >
        <Tabs.List className={classes.tabList}>
          <Tabs.Tab value="concepts">Concepts</Tabs.Tab>
          <Tabs.Tab value="what-if" disabled={!prediction}>
            What if{props.edits > 0 && ` (${props.edits})`}
          </Tabs.Tab>
          <Tabs.Tab value="labels" disabled={!prediction}>
            Labels
          </Tabs.Tab>
          <Tabs.Tab value="codebook" disabled={!prediction}>
            Codebook
          </Tabs.Tab>
          <Tabs.Tab value="case">Case and notes</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="concepts" className={classes.tabPanel}>
          {predictions.isPending ? (
            <Busy>Loading the prediction</Busy>
          ) : predictions.isError && !prediction ? (
            <div className={classes.notice}>
              <QueryError
                title="The predictions could not be read"
                error={predictions.error}
                onRetry={() => void predictions.refetch()}
              />
            </div>
          ) : (
            showsRun && (
              <RunState
                run={run}
                onRequest={onRequest}
                modelChoice={modelChoice}
                action={standard ? undefined : "Explain this view"}
              />
            )
          )}
          {prediction && <Concepts {...props} prediction={prediction} />}
        </Tabs.Panel>
        <Tabs.Panel value="what-if" className={classes.tabPanel}>
          {props.whatIf}
        </Tabs.Panel>
        <Tabs.Panel value="labels" className={classes.tabPanel}>
          {prediction && <LabelPanel prediction={prediction} />}
        </Tabs.Panel>
        <Tabs.Panel value="codebook" className={classes.tabPanel}>
          {prediction && (
            <CodebookPanel
              prediction={prediction}
              selection={props.selection}
              onSelection={props.onSelection}
              colorOf={(code) => cssColor(codeColor(code))}
            />
          )}
        </Tabs.Panel>
        <Tabs.Panel value="case" className={classes.tabPanel}>
          <CaseSharing key={`sharing-${entry.id}`} entry={entry} />
          {entry.may_change ? (
            <NotesField key={entry.id} entry={entry} />
          ) : (
            <ReadOnlyNotes entry={entry} />
          )}
          <CaseFacts entry={entry} removed={<RemovedButton entry={entry} />} />
          {prediction && (
            <PredictionHistory
              predictions={predictions.data ?? []}
              shown={prediction.id}
              onChoose={onChoose}
              actions={
                (predictions.data?.length ?? 0) > 1 && (
                  <Link to={`/cases/${entry.id}/compare`} className={classes.compare}>
                    Compare …
                  </Link>
                )
              }
            />
          )}
          <div className={classes.actions}>
            <Button
              variant="default"
              loading={running}
              onClick={() => {
                onRequest();
                onTab("concepts");
              }}
            >
              {standard
                ? prediction
                  ? "Explain again"
                  : "Explain this image"
                : "Explain this view"}
            </Button>
            {entry.may_change ? (
              <DeleteCaseButton entry={entry} onDeleted={() => void navigate("/")} />
            ) : (
              <span className={classes.reason}>Only the owner can delete this case.</span>
            )}
          </div>
        </Tabs.Panel>
      </Tabs>
    </aside>
  );
}

function Concepts({
  prediction,
  selection,
  onSelection,
  classKey,
  onClass,
}: Pick<CasePanelProps, "selection" | "onSelection" | "classKey" | "onClass"> & {
  prediction: Prediction;
}) {
  const selectedClass = classKey ?? prediction.predicted_class;
  const { evidence, marks } = useGroupMarks(prediction.model.id);
  return (
    <>
      <ClassList prediction={prediction} selected={selectedClass} onSelect={onClass} />
      <ModelReliability modelVersionId={prediction.model.id} evidence={evidence} />
      <ConceptPanel
        prediction={prediction}
        selectedClass={selectedClass}
        selection={selection}
        onSelection={onSelection}
        marks={marks}
      />
    </>
  );
}
