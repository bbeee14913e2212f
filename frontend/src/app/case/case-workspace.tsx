import { useMemo, useState } from "react";
import { useCaseImage } from "../../features/cases/api/get-case-image";
import { useEditCount } from "../../features/interventions/hooks/use-workbench-state";
import { Viewer } from "../../features/viewer/components/viewer";
import { useValueState } from "../../features/viewer/hooks/use-shown-values";
import { useViewerSettings } from "../../features/viewer/hooks/use-viewer-settings";
import type { LayerChoice } from "../../features/viewer/lib/layer-choice";
import { ViewSync } from "../../features/viewer/lib/view-sync";
import { useUnsavedWork } from "../../shared/account/unsaved-work";
import { Busy } from "../../shared/components/busy";
import { QueryError } from "../../shared/components/query-error";
import { useShortcuts } from "../../shared/hooks/use-shortcuts";
import classes from "./case-page.module.css";
import { CasePanel } from "./case-panel";
import type { CaseWorkspaceProps } from "./case-workspace-props";
import type { PanelTab } from "./panel-tab";
import { useCaseLink } from "./use-case-link";
import { useCaseWorkbench } from "./use-case-workbench";
import { useExplanation } from "./use-explanation";
import { usePaint } from "./use-paint";
import { WhatIfTab } from "./what-if-tab";

/** Viewer and panel, which share what is selected and what is being tried. */
export function CaseWorkspace(props: CaseWorkspaceProps) {
  const { entry, link, prediction, onChoose, caseValues } = props;
  const { values } = caseValues;
  const settings = useViewerSettings(link.window, link.settings);
  const [sync] = useState(() => new ViewSync(link.view));
  const image = useCaseImage(entry, !caseValues.kept);
  const selectionLink = useMemo(
    () => ({ ...link.selection, predictionId: link.predictionId }),
    [link],
  );
  const explanation = useExplanation(prediction, selectionLink);
  const { selection, act, choice, layer, mapsError, retryMaps } = explanation;
  const [tab, setTab] = useState(link.tab);
  const [part, setPart] = useState(link.part);
  const [chosenClass, setChosenClass] = useState(link.classKey);
  const known = prediction?.classes.some(({ key }) => key === chosenClass);
  const classKey = known ? chosenClass : null;
  const { workbench, head, problem, open } = useCaseWorkbench(
    prediction,
    props.predictions.data,
    link,
    onChoose,
  );
  const { count, unsaved } = useEditCount(workbench);
  const paint = usePaint(prediction, workbench, tab === "what-if" ? selection.groupKey : null);
  const [seenFrame, onItsFrame] = useSeenFrame(props);
  const linkOf = useCaseLink({
    caseId: entry.id,
    predictionId: prediction?.id ?? null,
    tab,
    part,
    classKey,
    selection,
    settings,
    workbench,
    values: values?.view ?? null,
    sync,
  });
  useUnsavedWork(unsaved ? `Edits of ${entry.pseudonym} that are not saved.` : null);

  const chooseLayer = (next: LayerChoice) => act({ type: "layer", layer: next });
  const openTab = (next: PanelTab) => {
    setTab(next);
    if (next !== "what-if") {
      workbench?.paint(null);
    }
    // The codebook is the index map's legend, the concepts are that of the other two.
    if (next === "codebook") {
      chooseLayer("index");
    } else if (next !== "case" && selection.layer === "index") {
      chooseLayer("gradcam");
    }
  };
  useShortcuts({ e: () => openTab("what-if") }, prediction !== null);

  return (
    <div className={classes.workspace}>
      <Viewer
        image={image.data ?? null}
        values={values}
        imageName={entry.pseudonym}
        choice={choice}
        layer={onItsFrame ? layer : null}
        hasMaps={prediction !== null}
        seenFrame={prediction && seenFrame}
        settings={settings}
        sync={sync}
        paint={onItsFrame ? paint.paint : null}
        region={onItsFrame ? paint.region : null}
        onLayer={chooseLayer}
        onToggleOriginal={() => act({ type: "toggle-original" })}
      >
        {caseValues.error !== null && (
          <QueryError
            title="The image could not be read"
            error={caseValues.error}
            onRetry={caseValues.retry}
          />
        )}
        {(caseValues.kept ? !values && !caseValues.error : image.isPending) && (
          <Busy>Loading the image</Busy>
        )}
        {image.isError && (
          <QueryError
            title="The image could not be read"
            error={image.error}
            onRetry={() => void image.refetch()}
          />
        )}
        {!image.isError && mapsError && (
          <QueryError title="The maps could not be read" error={mapsError} onRetry={retryMaps} />
        )}
      </Viewer>
      <CasePanel
        {...props}
        tab={tab}
        onTab={openTab}
        selection={selection}
        onSelection={act}
        classKey={classKey}
        onClass={setChosenClass}
        edits={count}
        whatIf={
          prediction && (
            <WhatIfTab
              prediction={prediction}
              workbench={workbench}
              head={head}
              problem={problem}
              part={part}
              onPart={setPart}
              classKey={classKey}
              onClass={setChosenClass}
              onShow={(target) => act({ type: "pin", target })}
              onExplainAgain={() => {
                props.onRequest();
                openTab("concepts");
              }}
              onOpen={open}
              linkOf={linkOf}
            />
          )
        }
      />
    </div>
  );
}

/** Maps and painted regions belong to the frame that the model saw, from 0. */
function useSeenFrame({ caseValues, prediction }: CaseWorkspaceProps): [number, onIt: boolean] {
  const view = caseValues.values?.view ?? null;
  const frame = (prediction?.rendering ?? view?.standard)?.frame ?? 0;
  return [frame, useValueState(view, ({ rendering }) => rendering.frame === frame, true)];
}
