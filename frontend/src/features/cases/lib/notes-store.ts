/**
 * Notes that the server has not confirmed yet, kept on this computer so that nothing typed is lost. Each
 * belongs to the account that typed it: the next person at the same computer is not shown it.
 */

const key = (accountId: string, caseId: string) => `vitrine.notes.${accountId}.${caseId}`;

export function keepDraft(accountId: string, caseId: string, notes: string): void {
  try {
    localStorage.setItem(key(accountId, caseId), notes);
  } catch {
    // Storage full or forbidden: the draft still lives in the page, and saving goes on.
  }
}

export function readDraft(accountId: string, caseId: string): string | null {
  try {
    return localStorage.getItem(key(accountId, caseId));
  } catch {
    return null;
  }
}

/** Once saved it must not stay on a shared computer. A newer draft stays. */
export function dropDraft(accountId: string, caseId: string, saved: string): void {
  try {
    if (localStorage.getItem(key(accountId, caseId)) === saved) {
      localStorage.removeItem(key(accountId, caseId));
    }
  } catch {
    // As above.
  }
}
