/** What somebody changed in a concept set and has not saved, kept on this computer. */

import type { ConceptSetContent } from "../../../shared/api/types";
import { dropDraft, keepDraft, readDraft } from "../../../shared/lib/draft-store";

export interface StoredDraft {
  /** The revision that the draft began with. */
  base: string;
  content: ConceptSetContent;
}

/** Holds the account, so that the next person at the same computer is not shown it. */
export function draftKey(accountId: string, setId: string): string {
  return `vitrine.concept-set-draft.${accountId}.${setId}`;
}

export function readStored(key: string): StoredDraft | null {
  const text = readDraft(key);
  if (text === null) {
    return null;
  }
  try {
    const draft: unknown = JSON.parse(text);
    return isDraft(draft) ? draft : null;
  } catch {
    return null;
  }
}

export function keepStored(key: string, draft: StoredDraft): void {
  keepDraft(key, JSON.stringify(draft));
}

export function dropStored(key: string): void {
  const text = readDraft(key);
  if (text !== null) {
    dropDraft(key, text);
  }
}

/** Enough to draw it; whether it holds together the server says. */
function isDraft(draft: unknown): draft is StoredDraft {
  if (typeof draft !== "object" || draft === null || !("base" in draft && "content" in draft)) {
    return false;
  }
  const { content } = draft;
  return (
    typeof draft.base === "string" &&
    typeof content === "object" &&
    content !== null &&
    "groups" in content &&
    Array.isArray(content.groups) &&
    "classes" in content &&
    Array.isArray(content.classes) &&
    "class_options" in content &&
    typeof content.class_options === "object"
  );
}
