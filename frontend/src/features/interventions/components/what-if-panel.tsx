import { SegmentedControl } from "@mantine/core";
import { memo, type ReactNode, useCallback, useState } from "react";
import { useNavigate } from "react-router";
import { useMay } from "../../../shared/account/account-context";
import type { Intervention } from "../../../shared/api/types";
import { CopyField } from "../../../shared/components/copy-field";
import { Dialog } from "../../../shared/components/dialog";
import { COPIED_MILLISECONDS, useCopy } from "../../../shared/hooks/use-copy";
import { useShortcuts } from "../../../shared/hooks/use-shortcuts";
import { useEditKeys } from "../hooks/use-edit-keys";
import { useOutcome } from "../hooks/use-outcome";
import { compareAddress } from "../lib/addresses";
import { isEmpty } from "../lib/edits";
import { type MapTarget, WORKBENCH_VIEWS, type WorkbenchView } from "../lib/view";
import type { Workbench } from "../lib/workbench";
import { CheckList } from "./check-list";
import { CounterfactualSearch } from "./counterfactual-search";
import { DecisionLine } from "./decision-line";
import { EditToolbar } from "./edit-toolbar";
import { GroupList } from "./group-list";
import { InterventionList } from "./intervention-list";
import { OutcomeList } from "./outcome-list";
import { SaveDialog } from "./save-dialog";
import { WaterfallTable } from "./waterfall-table";
import { RegionLeftOut, ServerDifference, ShownIntervention } from "./what-if-notices";
import classes from "./what-if-panel.module.css";

interface WhatIfPanelProps {
  caseId: string;
  workbench: Workbench;
  view: WorkbenchView;
  onView: (view: WorkbenchView) => void;
  /** Index of the class whose contributions are shown. */
  classIndex: number;
  onClass: (classIndex: number) => void;
  /** Shows a map in the viewer. */
  onShow: (target: MapTarget) => void;
  onExplainAgain: () => void;
  /** Opens a stored intervention, of whichever prediction of the case. */
  onOpen: (intervention: Intervention) => void;
  /** The address of exactly what is on screen. */
  linkOf: () => string;
  /** Said above everything: a link that was not understood. */
  notice?: ReactNode;
}

/** The workbench: change what the model believes, see the decision move, find out what would change it. */
export function WhatIfPanel(props: WhatIfPanelProps) {
  const { caseId, workbench, view, onView, onShow, onExplainAgain, onOpen, linkOf } = props;
  const { bench } = workbench;
  const { state, edits, regions, scores, decision, shown } = useOutcome(workbench);
  const [saving, setSaving] = useState(false);
  const [note, setNote] = useState("");
  const [savedId, setSavedId] = useState<string | null>(null);
  const [difference, setDifference] = useState<number | null>(null);
  const copy = useCopy(linkOf, COPIED_MILLISECONDS);
  const maySave = useMay("interventions:write");
  const navigate = useNavigate();
  const notSaved = isEmpty(edits)
    ? "Nothing is changed yet"
    : shown
      ? "This is saved"
      : regions.error || regions.outdated
        ? "The region's scores are not there yet"
        : null;
  const openSave = useCallback(() => setSaving(true), []);
  const save = () => {
    if (maySave && notSaved === null) {
      openSave();
    }
  };

  useEditKeys({ undo: () => workbench.undo(), redo: () => workbench.redo(), save });
  useShortcuts({
    "0": () => workbench.resetAll(),
    l: () => void copy.copy(),
    k: () => shown && void navigate(compareAddress(shown)),
  });

  return (
    <section className={classes.panel} aria-label="What if">
      {props.notice}
      <div className={classes.top}>
        <EditToolbar
          workbench={workbench}
          canUndo={state.history.past.length > 0}
          canRedo={state.history.future.length > 0}
          empty={isEmpty(edits)}
          shown={shown}
          copied={copy.state === "copied"}
          onCopy={copy.copy}
          onSave={openSave}
          notSaved={notSaved}
          maySave={maySave}
        />
        <p className="visually-hidden" role="status">
          {shown && shown.id === savedId && "Saved as an intervention"}
        </p>
        <OutcomeList bench={bench} decision={decision} />
        <DecisionLine
          bench={bench}
          decision={decision}
          outdated={regions.outdated && !regions.error}
        />
        <ViewChoice view={view} onView={onView} />
      </div>
      {difference !== null && (
        <ServerDifference difference={difference} onDismiss={() => setDifference(null)} />
      )}
      {regions.error && view !== "edit" && <RegionLeftOut onRetry={regions.retry} />}
      {shown && view !== "stored" && <ShownIntervention intervention={shown} />}
      {view === "edit" && (
        <GroupList
          workbench={workbench}
          edits={edits}
          regions={regions}
          scores={scores}
          painting={state.painting}
          onShow={onShow}
          onExplainAgain={onExplainAgain}
        />
      )}
      {view === "contributions" && (
        <WaterfallTable
          bench={bench}
          scores={scores}
          decision={decision}
          classIndex={props.classIndex}
          onClass={props.onClass}
        />
      )}
      {view === "search" && (
        <>
          <CounterfactualSearch
            workbench={workbench}
            edits={edits}
            predicted={decision.predicted}
          />
          <CheckList bench={bench} />
        </>
      )}
      {view === "stored" && (
        <InterventionList
          caseId={caseId}
          predictionId={bench.predictionId}
          shownId={shown?.id ?? null}
          onOpen={onOpen}
        />
      )}
      {saving && (
        <SaveDialog
          caseId={caseId}
          workbench={workbench}
          edits={edits}
          decision={decision}
          note={note}
          onNote={setNote}
          onClose={() => setSaving(false)}
          onSaved={(created, found) => {
            workbench.stored(created);
            setDifference(found);
            setNote("");
            setSavedId(created.id);
            setSaving(false);
          }}
        />
      )}
      {copy.state === "failed" && (
        <Dialog opened onClose={copy.reset} title="Copy link" width={520}>
          <CopyField label="Link to what is on screen" value={linkOf()} />
        </Dialog>
      )}
    </section>
  );
}

const ViewChoice = memo(function ViewChoice({
  view,
  onView,
}: Pick<WhatIfPanelProps, "view" | "onView">) {
  return (
    <SegmentedControl
      size="xs"
      fullWidth
      className={classes.views}
      aria-label="Part of the workbench"
      value={view}
      onChange={(next) => onView(next as WorkbenchView)}
      data={[...WORKBENCH_VIEWS]}
    />
  );
});
