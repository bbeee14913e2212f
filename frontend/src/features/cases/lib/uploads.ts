/** State of the files that are on their way to the server. */

import type { Case } from "../../../shared/api/types";

export type UploadStatus = "waiting" | "sending" | "explaining" | "done" | "failed";

export interface Upload {
  id: number;
  file: File;
  status: UploadStatus;
  /** Share sent, 0 to 1. */
  sent: number;
  created: Case | null;
  /** Why it failed, in words. */
  problem: string | null;
}

export type UploadAction =
  | { type: "add"; uploads: { id: number; file: File }[] }
  | { type: "start"; id: number }
  | { type: "progress"; id: number; sent: number }
  | { type: "created"; id: number; created: Case }
  | { type: "done"; id: number }
  | { type: "fail"; id: number; problem: string }
  | { type: "retry"; id: number }
  | { type: "remove"; id: number }
  | { type: "clear-finished" };

export function reduceUploads(uploads: Upload[], action: UploadAction): Upload[] {
  const change = (id: number, changes: Partial<Upload>): Upload[] =>
    uploads.map((upload) => (upload.id === id ? { ...upload, ...changes } : upload));
  switch (action.type) {
    case "add":
      return [...uploads, ...action.uploads.map(({ id, file }) => newUpload(id, file))];
    case "start":
      return change(action.id, { status: "sending", sent: 0, problem: null });
    case "progress":
      return change(action.id, { sent: action.sent });
    case "created":
      return change(action.id, { status: "explaining", sent: 1, created: action.created });
    case "done":
      return change(action.id, { status: "done" });
    case "fail":
      return change(action.id, { status: "failed", problem: action.problem });
    case "retry":
      return change(action.id, { status: "waiting", sent: 0, problem: null, created: null });
    case "remove":
      return uploads.filter(({ id }) => id !== action.id);
    case "clear-finished":
      return uploads.filter(isUnfinished);
  }
}

function newUpload(id: number, file: File): Upload {
  return { id, file, status: "waiting", sent: 0, created: null, problem: null };
}

export function isUnfinished({ status }: Upload): boolean {
  return status === "waiting" || status === "sending" || status === "explaining";
}

/** The next files to send, so that at most `limit` travel at once. */
export function startable(uploads: readonly Upload[], limit: number): Upload[] {
  const sending = uploads.filter(({ status }) => status === "sending").length;
  return uploads
    .filter(({ status }) => status === "waiting")
    .slice(0, Math.max(0, limit - sending));
}

export function statusWords(upload: Upload): string {
  switch (upload.status) {
    case "waiting":
      return "waiting";
    case "sending":
      return upload.sent < 1 ? `sending, ${Math.floor(100 * upload.sent)} %` : "being checked";
    case "explaining":
      return "being explained";
    case "done":
      return "explained";
    case "failed":
      return upload.created ? "stored, not explained" : "not stored";
  }
}
