/**
 * What a reader has given, on this computer, before the server confirms it: of each item the draft, and of the study
 * the one answer that was submitted and has not arrived. Keys hold the account, as all drafts do.
 */

import type {
  ReadingDraft,
  ReadingDraftUpdate,
  ReadingResponseCreate,
} from "../../../shared/api/types";
import { dropDraft, keepDraft, readDraft } from "../../../shared/lib/draft-store";

export type Draft = Required<ReadingDraftUpdate>;
export type Submission = Required<ReadingResponseCreate>;

/** A submitted answer, and where it stood, so that it can be named while it is not saved. */
export interface Unsent {
  body: Submission;
  number: number;
}

/** A draft on this computer, and what the server had of the item when both were last the same. */
export type KeptDraft = Draft & { synced: string };

export class LocalDrafts {
  private readonly prefix: string;

  constructor(accountId: string, studyId: string) {
    this.prefix = `vitrine.reading.${accountId}.${studyId}`;
  }

  keep(assignmentId: string, draft: KeptDraft): void {
    keepDraft(this.key(assignmentId), JSON.stringify(draft));
  }

  read(assignmentId: string): KeptDraft | null {
    const draft = parsed(readDraft(this.key(assignmentId)));
    return isDraft(draft) && "synced" in draft ? (draft as KeptDraft) : null;
  }

  drop(assignmentId: string): void {
    drop(this.key(assignmentId));
  }

  keepUnsent(unsent: Unsent): void {
    keepDraft(this.key("unsent"), JSON.stringify(unsent));
  }

  readUnsent(): Unsent | null {
    const unsent = parsed(readDraft(this.key("unsent"))) as Partial<Unsent> | null;
    const { body, number } = unsent ?? {};
    const whole = isDraft(body) && typeof body.assignment_id === "string";
    return whole && typeof number === "number" ? { body, number } : null;
  }

  /** Another one may have been submitted meanwhile. */
  dropUnsent(assignmentId: string): void {
    if (this.readUnsent()?.body.assignment_id === assignmentId) {
      drop(this.key("unsent"));
    }
  }

  /** The study is done: nothing of it stays on a shared computer. */
  clear(): void {
    for (const key of draftKeys(`${this.prefix}.`)) {
      drop(key);
    }
  }

  private key(what: string): string {
    return `${this.prefix}.${what}`;
  }
}

/** What a draft says, without its times; of an item without a draft as well. */
export function contentOf(draft: ReadingDraft | Draft | null): string {
  const answers = Object.entries(draft?.answers ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([answers, draft?.comment ?? "", draft?.cannot_judge ?? false]);
}

/**
 * Which of both was given later. Where only one has changed since they were the same, that one; where both have (on
 * two computers), the one with more time spent, which only ever grows while an item is open.
 */
export function newerDraft(
  here: KeptDraft | null,
  there: ReadingDraft | null,
): KeptDraft | ReadingDraft | null {
  if (!here || contentOf(there) === here.synced) {
    return here ?? there;
  }
  if (contentOf(here) === here.synced) {
    return there;
  }
  return there && spent(there) > spent(here) ? there : here;
}

function spent({ active_ms, idle_ms }: ReadingDraft | Draft): number {
  return active_ms + idle_ms;
}

function isDraft(value: unknown): value is Draft {
  return (
    typeof value === "object" &&
    value !== null &&
    "answers" in value &&
    typeof value.answers === "object" &&
    value.answers !== null &&
    "comment" in value &&
    typeof value.comment === "string" &&
    "active_ms" in value &&
    typeof value.active_ms === "number" &&
    "idle_ms" in value &&
    typeof value.idle_ms === "number"
  );
}

function parsed(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

function drop(key: string): void {
  const kept = readDraft(key);
  if (kept !== null) {
    dropDraft(key, kept);
  }
}

function draftKeys(prefix: string): string[] {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(prefix));
  } catch {
    return [];
  }
}
