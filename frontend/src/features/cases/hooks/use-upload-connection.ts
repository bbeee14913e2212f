import { useEffect } from "react";
import { ApiError } from "../../../shared/api/api-error";
import { client, unwrap } from "../../../shared/api/client";
import { sleep } from "../lib/upload-waiting";

const FIRST_WAIT_SECONDS = 2;
const LONGEST_WAIT_SECONDS = 30;
/** What the server takes unless its settings say otherwise. */
const USUAL_LARGEST_FILE = 50 * 2 ** 20;

/** While the server is away it is asked now and then, and at once when the network comes back. */
export function useServerReturn(away: boolean, onBack: () => void): void {
  useEffect(() => {
    if (!away) {
      return;
    }
    const stop = new AbortController();
    void waitForServer(stop.signal).then(() => {
      if (!stop.signal.aborted) {
        onBack();
      }
    });
    return () => stop.abort();
  }, [away, onBack]);
}

async function waitForServer(signal: AbortSignal): Promise<void> {
  let seconds = FIRST_WAIT_SECONDS;
  while (!signal.aborted) {
    await sleep(1000 * seconds, signal, ["online"]);
    if (await answers(signal)) {
      return;
    }
    seconds = Math.min(LONGEST_WAIT_SECONDS, 2 * seconds);
  }
}

function readHealth(signal: AbortSignal) {
  return unwrap(client.GET("/api/v1/health", { signal }));
}

async function answers(signal: AbortSignal): Promise<boolean> {
  try {
    await readHealth(signal);
    return true;
  } catch (error) {
    // Any answer at all shows that the server is there again.
    return error instanceof ApiError && error.status !== 0;
  }
}

/** Bytes of the largest file that the server takes. */
export async function largestFile(signal: AbortSignal): Promise<number> {
  try {
    return (await readHealth(signal)).max_upload_bytes;
  } catch {
    return USUAL_LARGEST_FILE;
  }
}
