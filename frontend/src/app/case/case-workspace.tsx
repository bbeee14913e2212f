import { useState } from "react";
import { useCaseImage } from "../../features/cases/api/get-case-image";
import { Viewer } from "../../features/viewer/components/viewer";
import { useViewerSettings } from "../../features/viewer/hooks/use-viewer-settings";
import type { LayerChoice } from "../../features/viewer/lib/layer-choice";
import { Busy } from "../../shared/components/busy";
import { QueryError } from "../../shared/components/query-error";
import classes from "./case-page.module.css";
import { CasePanel } from "./case-panel";
import type { CaseWorkspaceProps, PanelTab } from "./case-workspace-props";
import { useExplanation } from "./use-explanation";

/** Viewer and panel, which share what is selected. */
export function CaseWorkspace(props: CaseWorkspaceProps) {
  const { entry, prediction } = props;
  const settings = useViewerSettings();
  const image = useCaseImage(entry.id);
  const explanation = useExplanation(prediction);
  const { selection, act, choice, layer, mapsError, retryMaps } = explanation;
  const [tab, setTab] = useState<PanelTab>("concepts");

  const chooseLayer = (next: LayerChoice) => act({ type: "layer", layer: next });
  const openTab = (next: PanelTab) => {
    setTab(next);
    // The codebook is the index map's legend, the concepts are that of the other two.
    if (next === "codebook") {
      chooseLayer("index");
    } else if (next === "concepts" && selection.layer === "index") {
      chooseLayer("gradcam");
    }
  };

  return (
    <div className={classes.workspace}>
      <Viewer
        image={image.data ?? null}
        imageName={entry.pseudonym}
        choice={choice}
        layer={layer}
        hasMaps={prediction !== null}
        settings={settings}
        onLayer={chooseLayer}
        onToggleOriginal={() => act({ type: "toggle-original" })}
      >
        {image.isPending && <Busy>Loading the image</Busy>}
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
      <CasePanel {...props} tab={tab} onTab={openTab} selection={selection} onSelection={act} />
    </div>
  );
}
