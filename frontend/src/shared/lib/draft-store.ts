/**
 * What somebody entered and the server has not confirmed yet, kept on this computer so that nothing is lost.
 * Keys hold the account: the next person at the same computer is not shown it.
 */

export function keepDraft(key: string, draft: string): void {
  try {
    localStorage.setItem(key, draft);
  } catch {
    // Storage full or forbidden: the draft still lives in the page, and saving goes on.
  }
}

export function readDraft(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** Once saved it must not stay on a shared computer. A newer draft stays. */
export function dropDraft(key: string, saved: string): void {
  try {
    if (localStorage.getItem(key) === saved) {
      localStorage.removeItem(key);
    }
  } catch {
    // As above.
  }
}
