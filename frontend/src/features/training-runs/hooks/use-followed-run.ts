import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useState } from "react";
import { queryKeys } from "../../../shared/api/query-keys";
import { type Connection, useEventSource } from "../../../shared/hooks/use-event-source";
import { isUnended } from "../../../shared/lib/job-status";
import { trainingRunEventsUrl, useTrainingRun } from "../api/get-training-run";
import { followRun, KEPT_KINDS, PASSING_KINDS, progressOf } from "../lib/run-events";

/** Milliseconds between two readings that follow each other. */
const REST = 1_000;

/**
 * A training run as it is now: read once, then kept up by its events. Read anew when an event is missing, when its
 * status changes, and every few seconds while there is no live connection or it waits for its turn.
 */
export function useFollowedRun(runId: string) {
  const queryClient = useQueryClient();
  const [connected, setConnected] = useState(false);
  const read = useTrainingRun(runId, connected);
  const { refetch } = read;
  const [unended, setUnended] = useState(false);
  const addressAfter = useMemo(
    () => (unended ? (after: number) => trainingRunEventsUrl(runId, after) : null),
    [unended, runId],
  );
  const readAgain = useCallback(() => void refetch({ cancelRefetch: false }), [refetch]);
  const { connection, events, latest } = useEventSource({
    addressAfter,
    after: read.data?.last_sequence ?? 0,
    kinds: KEPT_KINDS,
    passing: PASSING_KINDS,
    onFailing: readAgain,
  });

  const followed = useMemo(
    () => (read.data ? followRun(read.data, events) : null),
    [read.data, events],
  );
  const status = followed?.run.status;
  useEffect(() => setConnected(connection === "live"), [connection]);
  useEffect(() => {
    if (status) {
      setUnended(isUnended({ status }));
    }
  }, [status]);

  const outdated = followed !== null && (followed.gap || followed.moved);
  const { dataUpdatedAt, errorUpdatedAt } = read;
  // Asked again after an answer that was still too old.
  useEffect(() => {
    if (outdated) {
      const rest = Date.now() - Math.max(dataUpdatedAt, errorUpdatedAt) < REST ? REST : 0;
      const timer = setTimeout(readAgain, rest);
      return () => clearTimeout(timer);
    }
  }, [outdated, dataUpdatedAt, errorUpdatedAt, readAgain]);

  // Its model is in the list of models from now on.
  useEffect(() => {
    if (status === "succeeded") {
      void queryClient.invalidateQueries({ queryKey: queryKeys.models });
    }
  }, [status, queryClient]);

  const run = useMemo(() => {
    const known = followed?.run;
    const staged = events.findLast(({ kind }) => kind === "stage")?.at ?? 0;
    const since = Math.max(staged, dataUpdatedAt);
    const progress = latest && latest.at >= since ? progressOf(latest.data) : null;
    return known && progress && known.status === "running" ? { ...known, progress } : known;
  }, [followed, latest, events, dataUpdatedAt]);

  return { read, run, connection: unended ? connection : ("off" satisfies Connection) };
}
