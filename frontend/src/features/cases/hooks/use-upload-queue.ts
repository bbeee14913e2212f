import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useReducer, useRef } from "react";
import { useUnsavedWork } from "../../../shared/account/unsaved-work";
import { ApiError, messageOf } from "../../../shared/api/api-error";
import { queryKeys } from "../../../shared/api/query-keys";
import type { Case } from "../../../shared/api/types";
import { createCase, type UploadCall } from "../api/create-case";
import { isUnfinished, reduceUploads, startable, type Upload } from "../lib/uploads";

const AT_ONCE = 2;
const ATTEMPTS_WHILE_BUSY = 60;
const SHOW_FINISHED_MILLISECONDS = 8_000;

interface UploadQueueOptions {
  /** Asks for a prediction of a new case; settles when it is there or has failed. */
  explain: (created: Case) => Promise<unknown>;
  /** Called when the only file of a drop has become a case. */
  onSingle: (created: Case) => void;
}

export interface UploadQueue {
  uploads: Upload[];
  add: (files: readonly File[]) => void;
  retry: (id: number) => void;
  remove: (id: number) => void;
  clearFinished: () => void;
}

/** Sends files two at a time and has each new case explained. Lives as long as somebody is signed in. */
export function useUploadQueue(options: UploadQueueOptions): UploadQueue {
  const [uploads, dispatch] = useReducer(reduceUploads, []);
  const queryClient = useQueryClient();
  const current = useRef(options);
  useEffect(() => {
    current.current = options;
  });
  const nextId = useRef(1);
  const running = useRef(new Map<number, AbortController>());
  const singles = useRef(new Set<number>());

  const run = useCallback(
    async ({ id, file }: Upload, signal: AbortSignal) => {
      try {
        const onProgress = (sent: number) => dispatch({ type: "progress", id, sent });
        const created = await sendPatiently({ file, onProgress, signal });
        queryClient.setQueryData(queryKeys.case(created.id), created);
        void queryClient.invalidateQueries({ queryKey: [...queryKeys.cases, "list"] });
        dispatch({ type: "created", id, created });
        const explained = current.current.explain(created);
        const single = singles.current.delete(id);
        if (single) {
          current.current.onSingle(created);
        }
        await explained;
        // The page that was opened for it shows the result; nothing is left to say here.
        dispatch(single ? { type: "remove", id } : { type: "done", id });
      } catch (error) {
        if (!signal.aborted) {
          dispatch({ type: "fail", id, problem: messageOf(error) });
        }
      }
    },
    [queryClient],
  );

  useEffect(() => {
    for (const upload of startable(uploads, AT_ONCE)) {
      if (running.current.has(upload.id)) {
        continue;
      }
      const abort = new AbortController();
      running.current.set(upload.id, abort);
      dispatch({ type: "start", id: upload.id });
      void run(upload, abort.signal).finally(() => running.current.delete(upload.id));
    }
  }, [uploads, run]);

  useEffect(() => {
    if (uploads.length > 0 && uploads.every(({ status }) => status === "done")) {
      const timer = setTimeout(
        () => dispatch({ type: "clear-finished" }),
        SHOW_FINISHED_MILLISECONDS,
      );
      return () => clearTimeout(timer);
    }
  }, [uploads]);

  useUnsavedWork(
    uploads.some(isUnfinished) ? "Images are still being sent. Those are not added." : null,
  );

  useEffect(() => {
    const all = running.current;
    // Nothing is sent in somebody's name after they have left.
    return () => {
      for (const abort of all.values()) {
        abort.abort();
      }
    };
  }, []);

  const add = useCallback((files: readonly File[]) => {
    const added = files.map((file) => ({ id: nextId.current++, file }));
    const [only] = added;
    if (only && added.length === 1) {
      singles.current.add(only.id);
    }
    dispatch({ type: "add", uploads: added });
  }, []);

  const remove = useCallback((id: number) => {
    running.current.get(id)?.abort();
    dispatch({ type: "remove", id });
  }, []);

  const retry = useCallback((id: number) => dispatch({ type: "retry", id }), []);
  const clearFinished = useCallback(() => dispatch({ type: "clear-finished" }), []);
  return { uploads, add, retry, remove, clearFinished };
}

/** A busy server (503) is asked again when it said, for a few minutes. Nothing was stored meanwhile. */
async function sendPatiently(call: UploadCall): Promise<Case> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await createCase(call);
    } catch (error) {
      const busy = error instanceof ApiError && error.status === 503;
      if (!busy || attempt === ATTEMPTS_WHILE_BUSY || call.signal.aborted) {
        throw error;
      }
      call.onProgress(0);
      await new Promise((resolve) => setTimeout(resolve, 1000 * (error.retryAfter ?? 2)));
    }
  }
}
