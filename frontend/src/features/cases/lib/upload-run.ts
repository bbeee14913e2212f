/** One upload from its source to an explained case. */

import { ApiError, messageOf } from "../../../shared/api/api-error";
import type { Case } from "../../../shared/api/types";
import { type CreatedCase, createCase, type UploadCall } from "../api/create-case";
import { type InTurn, sleep } from "./upload-waiting";
import type { Upload, UploadAction } from "./uploads";

const ATTEMPTS_WHILE_BUSY = 60;
const MOST_LOSSES = 3;
const TIMEOUT = 408;
const TOO_MANY = 429;
const BUSY = 503;
const DISK_FULL = 507;

const BREAKS_OFF =
  "The connection broke off each time while this file was sent, and the server is there. Something on the way may not take files of this size.";

export interface UploadRun {
  upload: Upload;
  signal: AbortSignal;
  /** Aborted when its batch is paused; null: it has none. */
  held: AbortSignal | null;
  dispatch: (action: UploadAction) => void;
  /** How often the connection was lost, by upload. */
  losses: Map<number, number>;
  /** The only file of a drop: its case is opened. */
  isSingle: boolean;
  inTurn: InTurn;
  onStored: (created: Case) => void;
  explain: (created: Case) => Promise<unknown>;
  onSingle: (created: Case) => void;
}

/** Never throws: what goes wrong is dispatched in words. */
export async function runUpload(run: UploadRun): Promise<void> {
  const { upload, signal, dispatch } = run;
  try {
    const created = upload.created ?? (await store(run));
    if (created && !signal.aborted) {
      await haveExplained(run, created);
    }
  } catch (error) {
    if (!signal.aborted) {
      dispatch(outcomeOf(upload, error));
    }
  }
}

/** A full disk is full for the rest of a batch as well: it waits until somebody has made room. */
function outcomeOf({ id, batch }: Upload, error: unknown): UploadAction {
  const problem = messageOf(error);
  if (batch !== null && error instanceof ApiError && error.status === DISK_FULL) {
    return { type: "halt-batch", id: batch, upload: id, reason: problem };
  }
  return { type: "fail", id, problem, isFinal: !mayBeMended(error) };
}

/** Whether a second try may end otherwise. Not where the content was refused, or the file itself cannot be read. */
function mayBeMended(error: unknown): boolean {
  if (!(error instanceof ApiError)) {
    return false;
  }
  const { status } = error;
  return status === 0 || status === TIMEOUT || status === TOO_MANY || status >= 500;
}

/** The new case; null: there is none, or nothing more to do for it. */
async function store(run: UploadRun): Promise<Case | null> {
  const { upload, signal, dispatch, losses } = run;
  const { id } = upload;
  const onProgress = (sent: number) => {
    if (!signal.aborted) {
      dispatch({ type: "progress", id, sent });
    }
  };
  const file = await openUnlessPaused(run);
  if (signal.aborted) {
    return null;
  }
  if (file === null) {
    dispatch({ type: "put-back", id });
    return null;
  }
  const answer = await sendPatiently({ file, onProgress, signal }).catch((error: unknown) => {
    const lost = (losses.get(id) ?? 0) + 1;
    const isLoss = error instanceof ApiError && error.status === 0;
    if (!isLoss || signal.aborted) {
      throw error;
    }
    losses.set(id, lost);
    if (lost >= MOST_LOSSES) {
      throw new ApiError(0, "breaks_off", BREAKS_OFF);
    }
    dispatch({ type: "lost", id });
    return null;
  });
  if (answer === null || signal.aborted) {
    return null;
  }
  const { entry } = answer;
  run.onStored(entry);
  if (!isOurs(answer, losses.has(id))) {
    dispatch({ type: "duplicate", id, created: entry });
    openSingle(run, entry);
    return null;
  }
  dispatch({ type: "created", id, created: entry });
  // Nobody may explain it before a person has looked.
  if (entry.review === "waiting") {
    openSingle(run, entry);
    return null;
  }
  return entry;
}

/** Null: the batch was paused before the file was there. Nothing goes on being unpacked meanwhile. */
async function openUnlessPaused({ upload, signal, held }: UploadRun): Promise<File | null> {
  const isHeld = () => held?.aborted ?? false;
  try {
    const file = await upload.source.open(() => isHeld() || signal.aborted);
    return isHeld() ? null : file;
  } catch (error) {
    if (isHeld()) {
      return null;
    }
    throw error;
  }
}

/** After a lost answer the server may have stored the file: then "already there" means this very upload. */
function isOurs({ isNew, entry }: CreatedCase, answerWasLost: boolean): boolean {
  return isNew || (answerWasLost && entry.latest_prediction === null);
}

async function haveExplained(run: UploadRun, created: Case): Promise<void> {
  const { upload, signal, dispatch, isSingle } = run;
  const { id } = upload;
  if (isSingle) {
    dispatch({ type: "explain", id });
    const explained = run.explain(created);
    run.onSingle(created);
    await explained;
    // The page that was opened for it shows the result; nothing is left to say here.
    dispatch({ type: "remove", id });
    return;
  }
  await run.inTurn(async () => {
    if (signal.aborted) {
      return;
    }
    dispatch({ type: "explain", id });
    await run.explain(created);
    dispatch({ type: "done", id });
  });
}

function openSingle({ upload, dispatch, isSingle, onSingle }: UploadRun, entry: Case): void {
  if (isSingle) {
    onSingle(entry);
    dispatch({ type: "remove", id: upload.id });
  }
}

/** A busy server is asked again when it said, for a few minutes. Nothing was stored meanwhile. */
async function sendPatiently(call: UploadCall): Promise<CreatedCase> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await createCase(call);
    } catch (error) {
      const busy = error instanceof ApiError && [BUSY, TOO_MANY].includes(error.status);
      if (!busy || attempt === ATTEMPTS_WHILE_BUSY || call.signal.aborted) {
        throw error;
      }
      call.onProgress(0);
      await sleep(1000 * (error.retryAfter ?? 2), call.signal);
    }
  }
}
