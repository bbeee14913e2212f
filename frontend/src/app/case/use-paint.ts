import { useMemo } from "react";
import { usePaintedRegion } from "../../features/interventions/hooks/use-workbench-state";
import type { Workbench } from "../../features/interventions/lib/workbench";
import type { PaintedRegion, PaintTarget } from "../../features/viewer/lib/paint";
import type { Prediction } from "../../shared/api/types";

interface Paint {
  paint: PaintTarget | null;
  region: PaintedRegion | null;
}

/** What the canvas paints, and the region it only shows while nobody paints: that of `groupKey`. */
export function usePaint(
  prediction: Prediction | null,
  workbench: Workbench | null,
  groupKey: string | null,
): Paint {
  const { painting, region } = usePaintedRegion(workbench, groupKey);
  return useMemo((): Paint => {
    const [rows = 0, columns = 0] = prediction?.grid ?? [];
    if (!prediction || !workbench || !(painting || region)) {
      return { paint: null, region: null };
    }
    const painted: PaintedRegion = {
      grid: [rows, columns],
      region: prediction.region,
      patches: new Set(region?.patches),
      keep: region?.keep ?? painting?.keep ?? "inside",
    };
    if (!painting) {
      return { paint: null, region: painted };
    }
    const { groupKey: key, tool, radius, byKey } = painting;
    const label = prediction.groups.find((group) => group.key === key)?.name ?? key;
    const paint: PaintTarget = {
      ...painted,
      tool,
      radius,
      takesFocus: byKey,
      label,
      onStroke: (patches) => workbench.setRegion(key, painted.keep, patches),
      onLeave: () => workbench.paint(null),
    };
    return { paint, region: null };
  }, [prediction, workbench, painting, region]);
}
