import { useSyncExternalStore } from "react";
import { type RegionEdit, regionOf } from "../lib/edits";
import { isUnsaved, type Painting, type Workbench, type WorkbenchState } from "../lib/workbench";

const subscribeToNothing = () => () => undefined;

export function useWorkbenchState(workbench: Workbench): WorkbenchState {
  return useSyncExternalStore(workbench.subscribe, workbench.getState);
}

/** What the canvas needs to know: changes with the region, not with the scores. Without painting: `groupKey`'s region. */
export function usePaintedRegion(
  workbench: Workbench | null,
  groupKey: string | null,
): { painting: Painting | null; region: RegionEdit | null } {
  const subscribe = workbench?.subscribe ?? subscribeToNothing;
  const painting = useSyncExternalStore(subscribe, () => workbench?.getState().painting ?? null);
  const of = painting?.groupKey ?? groupKey;
  const region = useSyncExternalStore(subscribe, () =>
    workbench && of ? regionOf(workbench.edits, of) : null,
  );
  return { painting, region };
}

/** How many edits there are, and whether they would be lost: for what stands outside the panel. */
export function useEditCount(workbench: Workbench | null): { count: number; unsaved: boolean } {
  const subscribe = workbench?.subscribe ?? subscribeToNothing;
  const count = useSyncExternalStore(subscribe, () =>
    workbench ? workbench.edits.regions.length + workbench.edits.scores.length : 0,
  );
  const unsaved = useSyncExternalStore(subscribe, () =>
    workbench ? isUnsaved(workbench.getState()) : false,
  );
  return { count, unsaved };
}
