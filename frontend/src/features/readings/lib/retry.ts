/** Sending again until it arrives. */

import { ApiError } from "../../../shared/api/api-error";

const DELAYS = [1000, 2000, 4000, 8000, 15_000] as const;
const TOO_MANY_REQUESTS = 429;

/** Whether the same request can succeed later: no answer, a busy server, one that failed by itself. */
export function canRetry(error: unknown): boolean {
  if (!(error instanceof ApiError)) {
    return true;
  }
  return error.status === 0 || error.status >= 500 || error.status === TOO_MANY_REQUESTS;
}

export function codeOf(error: unknown): string | null {
  return error instanceof ApiError ? error.code : null;
}

interface Insistence {
  /** Nobody waits for it any more once this is false. */
  wanted: () => boolean;
  /** It did not succeed, and is tried again unless `lasting`. */
  onFailure: (error: unknown, lasting: boolean) => void;
}

/** Waits longer from attempt to attempt, or until somebody says that now is the time. */
export class Patience {
  private readonly waiting = new Set<() => void>();

  /** Tries until it succeeds, which is told also when nobody waits any more. Null: it did not, and never will. */
  async insist<Result>(
    action: () => Promise<Result>,
    { wanted, onFailure }: Insistence,
  ): Promise<{ result: Result } | null> {
    for (let attempt = 0; ; attempt++) {
      try {
        return { result: await action() };
      } catch (error) {
        if (wanted()) {
          const lasting = !canRetry(error);
          onFailure(error, lasting);
          if (lasting) {
            return null;
          }
          await this.wait(attempt, error);
        }
        if (!wanted()) {
          return null;
        }
      }
    }
  }

  private wait(attempt: number, error: unknown): Promise<void> {
    const asked = error instanceof ApiError ? error.retryAfter : null;
    const delay = asked === null ? (DELAYS[attempt] ?? DELAYS[DELAYS.length - 1]) : 1000 * asked;
    return new Promise((resolve) => {
      const go = () => {
        clearTimeout(timer);
        this.waiting.delete(go);
        resolve();
      };
      const timer = setTimeout(go, delay);
      this.waiting.add(go);
    });
  }

  /** Everything that waits is tried now. */
  end(): void {
    for (const go of [...this.waiting]) {
      go();
    }
  }
}
