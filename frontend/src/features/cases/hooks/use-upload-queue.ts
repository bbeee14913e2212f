import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useReducer, useRef } from "react";
import { useUnsavedWork } from "../../../shared/account/unsaved-work";
import { queryKeys } from "../../../shared/api/query-keys";
import type { Case } from "../../../shared/api/types";
import type { Dropped } from "../lib/upload-drop";
import { runUpload } from "../lib/upload-run";
import { createTurns, throttled } from "../lib/upload-waiting";
import {
  isUnfinished,
  isUnsent,
  NO_UPLOADS,
  reduceUploads,
  startable,
  type Upload,
  type UploadState,
} from "../lib/uploads";
import { useUploadAdding } from "./use-upload-adding";
import { useServerReturn } from "./use-upload-connection";

const AT_ONCE = 2;
const EXPLAINED_AT_ONCE = 2;
const SHOW_FINISHED_MILLISECONDS = 8_000;
const REFRESH_MILLISECONDS = 1_500;

interface UploadQueueOptions {
  /** Asks for a prediction of a new case; settles when it is there or has failed. */
  explain: (created: Case) => Promise<unknown>;
  /** Called when the only file of a drop has become a case, or was one already. */
  onSingle: (created: Case) => void;
}

export interface UploadQueue extends UploadState {
  add: (dropped: Dropped) => void;
  retry: (id: number) => void;
  remove: (id: number) => void;
  pauseBatch: (id: number, paused: boolean) => void;
  cancelBatch: (id: number) => void;
  retryBatch: (id: number) => void;
  removeBatch: (id: number) => void;
  /** Does not wait until the server is seen to be back. */
  tryNow: () => void;
  clearFinished: () => void;
}

/** Sends files two at a time and has each new case explained. Lives as long as somebody is signed in. */
export function useUploadQueue(options: UploadQueueOptions): UploadQueue {
  const [state, dispatch] = useReducer(reduceUploads, NO_UPLOADS);
  const queryClient = useQueryClient();
  const current = useRef(options);
  const latest = useRef(state);
  useEffect(() => {
    current.current = options;
    latest.current = state;
  });
  const running = useRef(new Map<number, AbortController>());
  const singles = useRef(new Set<number>());
  const losses = useRef(new Map<number, number>());
  const [onStored, inTurn] = useMemo(
    () => [keepCase(queryClient), createTurns(EXPLAINED_AT_ONCE)],
    [queryClient],
  );

  const onOnly = useCallback((id: number) => singles.current.add(id), []);
  const adding = useUploadAdding(dispatch, onOnly);
  const { heldOf } = adding;

  useEffect(() => {
    for (const upload of startable(state, AT_ONCE)) {
      const { id } = upload;
      if (running.current.has(id)) {
        continue;
      }
      const abort = new AbortController();
      running.current.set(id, abort);
      dispatch({ type: "start", id });
      const run = runUpload({
        upload,
        signal: abort.signal,
        held: heldOf(upload.batch),
        dispatch,
        losses: losses.current,
        isSingle: singles.current.has(id),
        inTurn,
        onStored,
        explain: (created) => current.current.explain(created),
        onSingle: (created) => {
          singles.current.delete(id);
          current.current.onSingle(created);
        },
      });
      void run.finally(() => {
        // Cancelled and begun again meanwhile: then it is the newer one's place.
        if (running.current.get(id) === abort) {
          running.current.delete(id);
        }
      });
    }
  }, [state, inTurn, onStored, heldOf]);

  useEffect(() => {
    const { uploads, batches } = state;
    const allDone = uploads.length > 0 && uploads.every(({ status }) => status === "done");
    if (allDone && batches.length === 0) {
      const timer = setTimeout(
        () => dispatch({ type: "clear-finished" }),
        SHOW_FINISHED_MILLISECONDS,
      );
      return () => clearTimeout(timer);
    }
  }, [state]);

  useWarning(state.uploads.some(isUnfinished) || state.batches.some(({ reading }) => reading));

  useEffect(() => {
    const all = running.current;
    // Nothing is sent in somebody's name after they have left.
    return () => {
      for (const abort of all.values()) {
        abort.abort();
      }
    };
  }, []);

  const tryNow = useCallback(() => dispatch({ type: "back" }), []);
  useServerReturn(state.away, tryNow);
  const actions = useMemo(() => {
    const stop = (which: (upload: Upload) => boolean) => {
      for (const { id } of latest.current.uploads.filter(which)) {
        running.current.get(id)?.abort();
        running.current.delete(id);
        losses.current.delete(id);
      }
    };
    return {
      retry: (id: number) => {
        losses.current.delete(id);
        dispatch({ type: "retry", id });
      },
      remove: (id: number) => {
        stop((upload) => upload.id === id);
        dispatch({ type: "remove", id });
      },
      pauseBatch: (id: number, paused: boolean) => {
        adding.pause(id, paused);
        dispatch({ type: "pause-batch", id, paused });
      },
      cancelBatch: (id: number) => {
        stop((upload) => upload.batch === id && isUnsent(upload));
        adding.pause(id, false);
        dispatch({ type: "cancel-batch", id });
      },
      retryBatch: (id: number) => {
        for (const upload of latest.current.uploads) {
          if (upload.batch === id && upload.status === "failed") {
            losses.current.delete(upload.id);
          }
        }
        adding.pause(id, false);
        dispatch({ type: "retry-batch", id });
      },
      removeBatch: (id: number) => {
        adding.stop(id);
        stop((upload) => upload.batch === id);
        dispatch({ type: "remove-batch", id });
      },
      clearFinished: () => dispatch({ type: "clear-finished" }),
    };
  }, [adding]);

  return { ...state, ...actions, add: adding.add, tryNow };
}

/** A new case is known at once; the list is read again, not for each of hundreds. */
function keepCase(queryClient: QueryClient): (created: Case) => void {
  const refresh = throttled(
    () => void queryClient.invalidateQueries({ queryKey: [...queryKeys.cases, "list"] }),
    REFRESH_MILLISECONDS,
  );
  return (created) => {
    queryClient.setQueryData(queryKeys.case(created.id), created);
    refresh();
  };
}

/** Before signing out, and before the page is left or loaded again. */
function useWarning(unfinished: boolean): void {
  useUnsavedWork(unfinished ? "Images are still being sent. Those are not added." : null);
  useEffect(() => {
    if (unfinished) {
      const warn = (event: BeforeUnloadEvent) => event.preventDefault();
      window.addEventListener("beforeunload", warn);
      return () => window.removeEventListener("beforeunload", warn);
    }
  }, [unfinished]);
}
