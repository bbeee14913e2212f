/** State of the files that are on their way to the server. */

import type { Case } from "../../../shared/api/types";
import type { UploadSource } from "./upload-source";

export type UploadStatus =
  | "waiting"
  | "sending"
  | "stored"
  | "explaining"
  | "done"
  | "duplicate"
  | "review"
  | "failed";

export interface Upload {
  id: number;
  /** What it belongs to; null: a file of its own. */
  batch: number | null;
  source: UploadSource;
  status: UploadStatus;
  /** Share sent, 0 to 1. */
  sent: number;
  /** The case it became, or that was there already. */
  created: Case | null;
  /** Why it failed, in words. */
  problem: string | null;
  /** Sending it again cannot help: its content was refused, or cannot be read. */
  isFinal: boolean;
}

export type BatchKind = "folder" | "zip" | "files";

/** A folder, a zip or many files that were added at once. */
export interface UploadBatch {
  id: number;
  kind: BatchKind;
  name: string;
  /** Its files are still being listed. */
  reading: boolean;
  paused: boolean;
  /** Why it was paused by itself, in words; null: somebody did it. */
  pauseReason: string | null;
  /** Files of the operating system, hidden ones: nobody means to add them. */
  leftOut: number;
  /** Why nothing of it is taken. */
  problem: string | null;
}

export interface UploadState {
  uploads: Upload[];
  batches: UploadBatch[];
  /** The server does not answer; nothing is begun until it does. */
  away: boolean;
}

export const NO_UPLOADS: UploadState = { uploads: [], batches: [], away: false };

/** A file to be added; with a problem it is only listed. */
export interface NewUpload {
  id: number;
  source: UploadSource;
  problem?: string;
}

export type UploadAction =
  | { type: "add"; uploads: NewUpload[] }
  | { type: "open-batch"; id: number; kind: BatchKind; name: string }
  | { type: "fill-batch"; id: number; uploads: NewUpload[]; leftOut: number }
  | { type: "refuse-batch"; id: number; problem: string }
  | { type: "pause-batch"; id: number; paused: boolean }
  | { type: "halt-batch"; id: number; upload: number; reason: string }
  | { type: "cancel-batch"; id: number }
  | { type: "retry-batch"; id: number }
  | { type: "remove-batch"; id: number }
  | { type: "start"; id: number }
  | { type: "progress"; id: number; sent: number }
  | { type: "created"; id: number; created: Case }
  | { type: "duplicate"; id: number; created: Case }
  | { type: "explain"; id: number }
  | { type: "done"; id: number }
  | { type: "fail"; id: number; problem: string; isFinal?: boolean }
  | { type: "put-back"; id: number }
  | { type: "lost"; id: number }
  | { type: "back" }
  | { type: "retry"; id: number }
  | { type: "remove"; id: number }
  | { type: "clear-finished" };

const UNSENT = { status: "waiting", sent: 0, problem: null } as const;
const GOING = { paused: false, pauseReason: null } as const;

export function reduceUploads(state: UploadState, action: UploadAction): UploadState {
  const change = (id: number, changes: Partial<Upload>): UploadState => ({
    ...state,
    uploads: state.uploads.map((upload) => (upload.id === id ? { ...upload, ...changes } : upload)),
  });
  switch (action.type) {
    case "add":
      return { ...state, uploads: [...state.uploads, ...newUploads(action.uploads, null)] };
    case "start":
      return change(action.id, { status: "sending", sent: 0, problem: null });
    case "progress":
      return change(action.id, { sent: action.sent });
    case "created": {
      const status = action.created.review === "waiting" ? "review" : "stored";
      return change(action.id, { status, sent: 1, created: action.created });
    }
    case "duplicate":
      return change(action.id, { status: "duplicate", sent: 1, created: action.created });
    case "explain":
      return change(action.id, { status: "explaining" });
    case "done":
      return change(action.id, { status: "done" });
    case "fail":
      return change(action.id, {
        status: "failed",
        problem: action.problem,
        isFinal: action.isFinal ?? false,
      });
    case "put-back":
      return change(action.id, UNSENT);
    case "lost":
      return { ...change(action.id, UNSENT), away: true };
    case "back":
      return state.away ? { ...state, away: false } : state;
    case "retry":
      return { ...state, uploads: again(state.uploads, ({ id }) => id === action.id) };
    case "remove":
      return { ...state, uploads: state.uploads.filter(({ id }) => id !== action.id) };
    case "clear-finished":
      return withoutFinished(state);
    default:
      return reduceBatches(state, action);
  }
}

type BatchAction = Extract<UploadAction, { type: `${string}-batch` }>;

function reduceBatches(state: UploadState, action: BatchAction): UploadState {
  const { id } = action;
  const change = (changes: Partial<UploadBatch>): UploadBatch[] =>
    state.batches.map((batch) => (batch.id === id ? { ...batch, ...changes } : batch));
  switch (action.type) {
    case "open-batch": {
      const { kind, name } = action;
      const opened = { id, kind, name, reading: true, ...GOING, leftOut: 0, problem: null };
      return { ...state, batches: [...state.batches, opened] };
    }
    case "fill-batch":
      // Taken away while it was being listed.
      if (!state.batches.some((batch) => batch.id === id)) {
        return state;
      }
      return {
        ...state,
        batches: change({ reading: false, leftOut: action.leftOut }),
        uploads: [...state.uploads, ...newUploads(action.uploads, id)],
      };
    case "refuse-batch":
      return { ...state, batches: change({ reading: false, problem: action.problem }) };
    case "pause-batch":
      return { ...state, batches: change({ paused: action.paused, pauseReason: null }) };
    case "halt-batch":
      return {
        ...state,
        batches: change({ paused: true, pauseReason: action.reason }),
        uploads: state.uploads.map((upload) =>
          upload.id === action.upload ? { ...upload, ...UNSENT } : upload,
        ),
      };
    case "cancel-batch":
      return { ...state, batches: change(GOING), uploads: cancelled(state, id) };
    case "retry-batch":
      return {
        ...state,
        batches: change(GOING),
        uploads: again(state.uploads, ({ batch }) => batch === id),
      };
    case "remove-batch":
      return {
        ...state,
        batches: state.batches.filter((batch) => batch.id !== id),
        uploads: state.uploads.filter(({ batch }) => batch !== id),
      };
  }
}

function newUploads(added: readonly NewUpload[], batch: number | null): Upload[] {
  return added.map(({ id, source, problem }) => ({
    id,
    batch,
    source,
    status: problem === undefined ? "waiting" : "failed",
    sent: 0,
    created: null,
    problem: problem ?? null,
    isFinal: problem !== undefined,
  }));
}

/** What failed, once more. What is stored keeps its case: only its explanation is asked for again. */
function again(uploads: readonly Upload[], which: (upload: Upload) => boolean): Upload[] {
  return uploads.map((upload) =>
    which(upload) && mayTryAgain(upload) ? { ...upload, ...UNSENT } : upload,
  );
}

export function mayTryAgain({ status, isFinal }: Upload): boolean {
  return status === "failed" && !isFinal;
}

const CANCELLED = "Cancelled before it was sent.";
const CANCELLED_STORED = "Cancelled before it was explained.";
const CANCELLED_ON_THE_WAY = "Cancelled while it was sent; the server may have it already.";

/** What is stored already stays. */
function cancelled({ uploads }: UploadState, batch: number): Upload[] {
  return uploads.map((upload) => {
    if (upload.batch !== batch || !isUnsent(upload)) {
      return upload;
    }
    const unsent = upload.status === "sending" ? CANCELLED_ON_THE_WAY : CANCELLED;
    const problem = upload.created ? CANCELLED_STORED : unsent;
    return { ...upload, status: "failed", problem };
  });
}

/** A batch stays as long as anything of it is unfinished, and then goes as a whole. */
function withoutFinished(state: UploadState): UploadState {
  const unfinished = new Set(state.uploads.filter(isUnfinished).map(({ batch }) => batch));
  const batches = state.batches.filter(({ id, reading }) => reading || unfinished.has(id));
  const kept = new Set(batches.map(({ id }) => id));
  const uploads = state.uploads.filter((upload) =>
    upload.batch === null ? isUnfinished(upload) : kept.has(upload.batch),
  );
  return { ...state, batches, uploads };
}

/** Lost if the page went now. */
export function isUnsent({ status }: Upload): boolean {
  return status === "waiting" || status === "sending";
}

export function isUnfinished(upload: Upload): boolean {
  return isUnsent(upload) || upload.status === "stored" || upload.status === "explaining";
}

/** The next files to send, so that at most `limit` travel at once. */
export function startable({ uploads, batches, away }: UploadState, limit: number): Upload[] {
  if (away) {
    return [];
  }
  const paused = new Set(batches.filter((batch) => batch.paused).map(({ id }) => id));
  const sending = uploads.filter(({ status }) => status === "sending").length;
  return uploads
    .filter(({ status, batch }) => status === "waiting" && !(batch !== null && paused.has(batch)))
    .slice(0, Math.max(0, limit - sending));
}

export function statusWords(upload: Upload): string {
  switch (upload.status) {
    case "waiting":
      return "waiting";
    case "sending":
      return upload.sent < 1 ? `sending, ${Math.floor(100 * upload.sent)} %` : "being checked";
    case "stored":
      return "stored, waits to be explained";
    case "explaining":
      return "being explained";
    case "done":
      return "explained";
    case "duplicate":
      return "already there";
    case "review":
      return "needs a look";
    case "failed":
      return upload.created ? "stored, not explained" : "not stored";
  }
}
