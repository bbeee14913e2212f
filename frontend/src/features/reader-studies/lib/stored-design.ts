/** What somebody changed in a draft and the server has not confirmed, kept on this computer. */

import type { StudyDesign } from "../../../shared/api/types";
import { readDraft } from "../../../shared/lib/draft-store";

export interface StoredDesign {
  /** The revision that the changes were made to, and what it says. */
  revision: number;
  base: StudyDesign;
  design: StudyDesign;
}

/** Holds the account, so that the next person at the same computer is not shown it. */
export function designKey(accountId: string, studyId: string): string {
  return `vitrine.study-design.${accountId}.${studyId}`;
}

export function parseStored(text: string | null): StoredDesign | null {
  if (text === null) {
    return null;
  }
  try {
    const stored: unknown = JSON.parse(text);
    return isStored(stored) ? stored : null;
  } catch {
    return null;
  }
}

export function readStored(key: string): StoredDesign | null {
  return parseStored(readDraft(key));
}

/** Enough to draw it; whether it holds together the server says. */
function isStored(value: unknown): value is StoredDesign {
  if (typeof value !== "object" || value === null) {
    return false;
  }
  const { revision, base, design } = value as Record<string, unknown>;
  return typeof revision === "number" && isDesign(base) && isDesign(design);
}

function isDesign(value: unknown): value is StudyDesign {
  if (typeof value !== "object" || value === null) {
    return false;
  }
  const { title, cases, arms, tasks, grras, order } = value as Record<string, unknown>;
  return (
    typeof title === "string" &&
    [cases, arms, tasks].every(Array.isArray) &&
    typeof grras === "object" &&
    typeof order === "object"
  );
}
