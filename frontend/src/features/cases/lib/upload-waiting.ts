/** Waiting: for a time, and for one's turn. */

/** Ends early when aborted, and with any of `events` on the window. */
export function sleep(
  milliseconds: number,
  signal: AbortSignal,
  events: readonly string[] = [],
): Promise<void> {
  return new Promise((resolve) => {
    const ended = new AbortController();
    const end = () => {
      ended.abort();
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener("abort", end, { signal: ended.signal });
    for (const event of events) {
      window.addEventListener(event, end, { signal: ended.signal });
    }
    if (signal.aborted) {
      end();
    }
  });
}

export type InTurn = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** At most `limit` at once, in the order in which they came. */
export function createTurns(limit: number): InTurn {
  let free = limit;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free > 0) {
      free -= 1;
    } else {
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) {
        next();
      } else {
        free += 1;
      }
    }
  };
}

/** Calls at once, and what comes within `milliseconds` of it once at their end. */
export function throttled(call: () => void, milliseconds: number): () => void {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let again = false;
  const run = () => {
    call();
    again = false;
    timer = setTimeout(() => {
      timer = null;
      if (again) {
        run();
      }
    }, milliseconds);
  };
  return () => {
    if (timer === null) {
      run();
    } else {
      again = true;
    }
  };
}
