import { useCallback, useEffect, useRef } from "react";
import { encodeEdits } from "../../features/interventions/lib/encode";
import { shownIntervention, type Workbench } from "../../features/interventions/lib/workbench";
import type { ValueView } from "../../features/viewer/lib/value-view";
import type { ViewSync } from "../../features/viewer/lib/view-sync";
import { formatCaseLink, type OnScreen } from "./case-link";

interface CaseLinkOptions
  extends Omit<OnScreen, "edits" | "interventionId" | "rendering" | "view"> {
  caseId: string;
  workbench: Workbench | null;
  /** Of a case that keeps values. */
  values: ValueView | null;
  sync: ViewSync;
}

/** So that a slider or a drag of the image does not write the address sixty times a second; browsers forbid it. */
const LEAST_MILLISECONDS = 300;

/**
 * Keeps the page's address up to date with what is on screen, and gives that address. The entry in the browser's
 * history is replaced behind the router's back: it neither grows nor is anything rendered anew.
 */
export function useCaseLink(options: CaseLinkOptions): () => string {
  const current = useRef(options);
  const written = useRef(0);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const linkOf = useCallback(() => {
    const { caseId, workbench, values, sync, ...screen } = current.current;
    const state = workbench?.getState();
    const search = formatCaseLink({
      ...screen,
      edits: workbench && encodeEdits(workbench.bench, workbench.edits),
      interventionId: (state && shownIntervention(state)?.id) ?? null,
      rendering: values?.chosen ?? null,
      view: sync.view(),
    });
    return `${window.location.origin}/cases/${caseId}${search}`;
  }, []);

  const schedule = useCallback(() => {
    const write = () => {
      const { caseId, predictionId, values } = current.current;
      written.current = Date.now();
      // Only on the case's own page, and not before there is something to come back to.
      const something = predictionId ?? values?.chosen;
      if (something && window.location.pathname === `/cases/${caseId}`) {
        window.history.replaceState(window.history.state, "", linkOf());
      }
    };
    clearTimeout(timer.current);
    const wait = written.current + LEAST_MILLISECONDS - Date.now();
    if (wait <= 0) {
      write();
    } else {
      timer.current = setTimeout(write, wait);
    }
  }, [linkOf]);

  useEffect(() => {
    if (current.current.predictionId !== options.predictionId) {
      written.current = 0; // what is reloaded now must not be the prediction of before
    }
    current.current = options;
    schedule();
  });
  useEffect(() => () => clearTimeout(timer.current), []);
  const { workbench, values, sync } = options;
  useEffect(() => workbench?.subscribe(schedule), [workbench, schedule]);
  // A film that plays would write the address at every frame; its last one is written when it stops.
  useEffect(
    () => values?.subscribe(() => values.getState().playing || schedule()),
    [values, schedule],
  );
  useEffect(() => sync.subscribe(schedule), [sync, schedule]);
  return linkOf;
}
