import { useMemo } from "react";
import { useRegionPreview } from "../api/preview-regions";
import type { Bench } from "../lib/bench";
import { applyEdits, type Decision, decide } from "../lib/decide";
import { type RegionEdit, toWire } from "../lib/edits";
import { shownIntervention, type Workbench } from "../lib/workbench";
import { useWorkbenchState } from "./use-workbench-state";

/** Scores after the region edits alone, from the server. */
export interface RegionScores {
  scores: readonly number[];
  /** Share of a group's attention on the patches that were kept; null where that is not known. */
  attentionOf: (groupKey: string) => number | null;
  /** The scores are not (yet) those of the regions that are painted. */
  outdated: boolean;
  error: Error | null;
  retry: () => void;
}

function useRegionScores(bench: Bench, regions: readonly RegionEdit[]): RegionScores {
  const wire = useMemo(() => toWire({ regions, scores: [] }), [regions]);
  const preview = useRegionPreview(bench.predictionId, wire);
  const { data, error, refetch, isPlaceholderData } = preview;
  const none = regions.length === 0;
  const scores = useMemo(() => {
    const after = new Map(
      data?.groups.flatMap(({ options }) => options.map((option) => [option.id, option])),
    );
    return none
      ? bench.scores
      : bench.scores.map((stored, at) => {
          const found = after.get(bench.options[at]?.id ?? "");
          // The same number, so that what no region touched stays exactly as it was stored.
          return found && found.after_region !== found.before ? found.after_region : stored;
        });
  }, [bench, data, none]);
  // The same while nothing changes, so that a slider does not draw every group anew.
  return useMemo(
    () => ({
      scores,
      attentionOf: (groupKey) =>
        (!none && data?.groups.find(({ key }) => key === groupKey)?.attention) || null,
      outdated: !none && (isPlaceholderData || !data),
      error: none ? null : error,
      retry: () => void refetch(),
    }),
    [scores, none, data, error, isPlaceholderData, refetch],
  );
}

export interface Outcome {
  regions: RegionScores;
  scores: readonly number[];
  decision: Decision;
}

/** What the edits come to, recomputed here with every change. */
export function useOutcome(workbench: Workbench) {
  const { bench } = workbench;
  const state = useWorkbenchState(workbench);
  const edits = state.history.present;
  const regions = useRegionScores(bench, edits.regions);
  const outcome = useMemo(() => {
    const scores = applyEdits(bench, regions.scores, edits.scores);
    return { scores, decision: decide(bench, scores) };
  }, [bench, regions.scores, edits.scores]);
  const shown = useMemo(() => shownIntervention(state), [state]);
  return { state, edits, regions, shown, ...outcome };
}
