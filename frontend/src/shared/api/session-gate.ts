/**
 * Where requests wait while nobody is signed in any more. The first answer that says the session has ended
 * closes the gate; requests that were refused, and those that come meanwhile, wait behind it and are sent
 * again once the same person has signed in. Nothing fails, so nothing typed is lost.
 */

import { ApiError } from "./api-error";

interface Waiter {
  go: () => void;
  giveUp: (error: unknown) => void;
}

/** Id of the account that is signed in; null: a refusal is then an ordinary failure. */
let holder: string | null = null;
let closed = false;
/** Goes up with every sign-in, so that a late refusal of the ended session does not close the gate again. */
let round = 0;
const waiters = new Set<Waiter>();
const listeners = new Set<() => void>();

function changed(): void {
  for (const listener of listeners) {
    listener();
  }
}

function letGo(tell: (waiter: Waiter) => void): void {
  const all = [...waiters];
  waiters.clear();
  for (const waiter of all) {
    tell(waiter);
  }
}

export const sessionGate = {
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },

  isClosed: (): boolean => closed,

  /** From now on an ended session is waited out. */
  hold(accountId: string): void {
    holder = accountId;
  },

  close(): void {
    if (holder !== null && !closed) {
      closed = true;
      changed();
    }
  },

  /** The same person is back: everything that waits is sent again. */
  open(): void {
    closed = false;
    round += 1;
    letGo(({ go }) => go());
    changed();
  },

  /** Nobody comes back: everything that waits fails. */
  release(): void {
    holder = null;
    closed = false;
    round += 1;
    letGo(({ giveUp }) => giveUp(new ApiError(401, "not_signed_in", "Nobody is signed in.")));
    changed();
  },
};

function pass(signal: AbortSignal | null): Promise<void> {
  if (!closed) {
    return Promise.resolve();
  }
  return new Promise((resolve, reject) => {
    const waiter: Waiter = { go: resolve, giveUp: reject };
    waiters.add(waiter);
    signal?.addEventListener(
      "abort",
      () => {
        waiters.delete(waiter);
        reject(new DOMException("The request was cancelled.", "AbortError"));
      },
      { once: true },
    );
  });
}

export interface Attempt<Result> {
  result: Result;
  /** The server does not know the session (any more). */
  sessionEnded: boolean;
}

/** Sends, and sends again after a new sign-in, until the answer is about the request itself. */
export async function behindGate<Result>(
  attempt: () => Promise<Attempt<Result>>,
  signal: AbortSignal | null,
): Promise<Result> {
  for (;;) {
    await pass(signal);
    const begun = round;
    const { result, sessionEnded } = await attempt();
    if (!sessionEnded || holder === null) {
      return result;
    }
    if (begun === round) {
      sessionGate.close();
    }
  }
}

/** Whether an answer says that nobody is signed in. A wrong password is a 401 as well, and another matter. */
export function saysSessionEnded(status: number, body: unknown): boolean {
  return (
    status === 401 &&
    typeof body === "object" &&
    body !== null &&
    "error" in body &&
    body.error === "not_signed_in"
  );
}
