/** What somebody has drawn and not confirmed, kept on this computer: numbers only, nothing of the picture. */

import { dropDraft, keepDraft, readDraft } from "../../../shared/lib/draft-store";
import { type DrawnRegion, MOST_REGIONS, NO_REGIONS, type RegionsState } from "./regions";

/** Holds the account, so that the next person at the same computer is not shown it. */
export function regionsKey(accountId: string, caseId: string): string {
  return `vitrine.review.${accountId}.${caseId}`;
}

/** Where a page that was closed or reloaded had left off. */
export function readRegions(key: string): RegionsState {
  const regions = parse(readDraft(key));
  const nextId = 1 + Math.max(0, ...regions.map(({ id }) => id));
  return { ...NO_REGIONS, regions, nextId };
}

export function keepRegions(key: string, regions: readonly DrawnRegion[]): void {
  if (regions.length > 0) {
    keepDraft(key, JSON.stringify(regions));
  } else {
    dropRegions(key);
  }
}

export function dropRegions(key: string): void {
  const text = readDraft(key);
  if (text !== null) {
    dropDraft(key, text);
  }
}

function parse(text: string | null): DrawnRegion[] {
  try {
    const stored: unknown = text === null ? [] : JSON.parse(text);
    return Array.isArray(stored) && stored.every(isRegion) ? stored.slice(0, MOST_REGIONS) : [];
  } catch {
    return [];
  }
}

function isRegion(stored: unknown): stored is DrawnRegion {
  const region = stored as Partial<Record<keyof DrawnRegion, unknown>> | null;
  const numbers = [region?.id, region?.x, region?.y, region?.width, region?.height];
  return (
    numbers.every(Number.isSafeInteger) &&
    (region?.frame === null || Number.isSafeInteger(region?.frame))
  );
}
