/** Readers of a study in words. */

import type { StudyReader, StudyReaderSession } from "../../../shared/api/types";
import { formatCount, formatDateTime } from "../../../shared/lib/format";

/** "2026-11-21", in local time. */
export function formatDay(iso: string): string {
  return formatDateTime(iso).slice(0, 10);
}

/** "18 s", "2 min 5 s": how long an answer takes, idle time apart. */
export function secondsWords(seconds: number | null): string {
  if (seconds === null) {
    return "no answers yet";
  }
  const whole = Math.round(seconds);
  if (whole < 60) {
    return `${whole}\u202fs an answer`;
  }
  const rest = whole % 60;
  return `${Math.floor(whole / 60)}\u202fmin${rest ? ` ${rest}\u202fs` : ""} an answer`;
}

export function paceWords({ answers_last_7_days: answers }: StudyReader): string {
  return answers === 0 ? "none in 7 days" : `${formatCount(answers)} in 7 days`;
}

/** When somebody is expected to be done, or why nobody can say. */
export function endWords(reader: StudyReader): string {
  const { status, finished_at, expected_end } = reader;
  if (status === "withdrawn") {
    return "—";
  }
  if (finished_at) {
    return `finished ${formatDay(finished_at)}`;
  }
  return expected_end ? `about ${formatDay(expected_end)}` : "not known yet";
}

/** Why a session has not begun, where that is a matter of the date. */
export function waitWords({ opens_at, done }: StudyReaderSession, now = new Date()): string | null {
  if (opens_at === null || done > 0 || new Date(opens_at) <= now) {
    return null;
  }
  return `opens ${formatDay(opens_at)}`;
}

/** The server knows the path of the reading room, the browser its whole address, which a mail needs. */
export function withOrigin(text: string, origin: string): string {
  return text.replace(/(^|\s)(?=\/readings\b)/g, `$1${origin}`);
}

/** Opens the mail program with the words of a reminder. */
export function mailAddress(email: string, subject: string, text: string): string {
  const body = encodeURIComponent(text.replace(/\r?\n/g, "\r\n"));
  return `mailto:${encodeURIComponent(email)}?subject=${encodeURIComponent(subject)}&body=${body}`;
}

/** Whoever can still answer. */
export function isActive({ status }: Pick<StudyReader, "status">): boolean {
  return status === "invited" || status === "reading";
}
