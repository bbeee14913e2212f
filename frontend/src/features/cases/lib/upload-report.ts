/** What became of a batch, in numbers and as a table. */

import { formatCount } from "../../../shared/lib/format";
import { isUnfinished, statusWords, type Upload } from "./uploads";

export interface UploadCounts {
  all: number;
  unfinished: number;
  stored: number;
  already: number;
  review: number;
  refused: number;
  /** Of those stored. */
  notExplained: number;
}

export function countUploads(uploads: readonly Upload[]): UploadCounts {
  const counts: UploadCounts = {
    all: uploads.length,
    unfinished: 0,
    stored: 0,
    already: 0,
    review: 0,
    refused: 0,
    notExplained: 0,
  };
  for (const upload of uploads) {
    if (upload.status === "duplicate") {
      counts.already += 1;
    } else if (upload.status === "review") {
      counts.review += 1;
    } else if (upload.status === "failed" && !upload.created) {
      counts.refused += 1;
    } else if (upload.created) {
      counts.stored += 1;
    }
    counts.unfinished += isUnfinished(upload) ? 1 : 0;
    counts.notExplained += upload.status === "failed" && upload.created ? 1 : 0;
  }
  return counts;
}

/** "290 stored, 12 already there, 6 need a look, 4 not taken". */
export function reportWords(counts: UploadCounts): string {
  const said = [`${formatCount(counts.stored)} stored`];
  const add = (count: number, words: string) => {
    if (count > 0) {
      said.push(`${formatCount(count)} ${words}`);
    }
  };
  add(counts.notExplained, "of them not explained");
  add(counts.already, "already there");
  add(counts.review, counts.review === 1 ? "needs a look" : "need a look");
  add(counts.refused, "not taken");
  return said.join(", ");
}

/** What somebody should look at: what was not taken, waits for a look, or was not explained. */
export function needsAttention({ status }: Upload): boolean {
  return status === "failed" || status === "review";
}

/** Share of a batch that is through, 0 to 1. */
export function shareDone(uploads: readonly Upload[]): number {
  const done = uploads.reduce((sum, upload) => sum + (isUnfinished(upload) ? 0 : 1), 0);
  return uploads.length === 0 ? 0 : done / uploads.length;
}

const COLUMNS = ["file", "bytes", "result", "reason", "case", "pseudonym", "note"];
const NOTE = "Research use only. Not for diagnosis.";

/** For a spreadsheet: UTF-8 with CRLF, a row for each file. `origin`: of this page, for the addresses of cases. */
export function reportCsv(uploads: readonly Upload[], origin: string): string {
  const rows = uploads.map((upload) => {
    const { source, created } = upload;
    const address = created ? `${origin}/cases/${created.id}` : "";
    const name = created?.pseudonym ?? "";
    const { path, size } = source;
    return [path, String(size), statusWords(upload), reasonOf(upload), address, name, NOTE];
  });
  return [COLUMNS, ...rows].map((row) => `${row.map(csvCell).join(",")}\r\n`).join("");
}

/** Why a file is where it is, in words. */
export function reasonOf({ status, problem, created }: Upload): string {
  if (status === "review") {
    return created?.suspects.join(" ") || "Its pixels may hold text about the patient.";
  }
  if (status === "duplicate") {
    return "You have this very file as a case already.";
  }
  return problem ?? "";
}

/** A spreadsheet would take text that begins like this for a formula; names of files are anybody's. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

function csvCell(text: string): string {
  const harmless = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
