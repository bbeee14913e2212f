/** Notes that the server has not confirmed yet, kept on this computer so that nothing typed is lost. */

const prefix = "vitrine.notes.";

export function keepDraft(caseId: string, notes: string): void {
  try {
    localStorage.setItem(prefix + caseId, notes);
  } catch {
    // Storage full or forbidden: the draft still lives in the page, and saving goes on.
  }
}

export function readDraft(caseId: string): string | null {
  try {
    return localStorage.getItem(prefix + caseId);
  } catch {
    return null;
  }
}

/** Once saved it must not stay on a shared computer. A newer draft stays. */
export function dropDraft(caseId: string, saved: string): void {
  try {
    if (localStorage.getItem(prefix + caseId) === saved) {
      localStorage.removeItem(prefix + caseId);
    }
  } catch {
    // As above.
  }
}
