import { errorFromAnswer, unreachable } from "../../../shared/api/api-error";
import { PAGE_HEADER } from "../../../shared/api/client";
import { behindGate, saysSessionEnded } from "../../../shared/api/session-gate";
import type { Case } from "../../../shared/api/types";

export interface UploadCall {
  file: File;
  /** Share of the file that has been sent, 0 to 1. */
  onProgress: (share: number) => void;
  signal: AbortSignal;
}

export interface CreatedCase {
  /** False: one has this very file as a case already, and here it is. */
  isNew: boolean;
  entry: Case;
}

interface UploadAnswer {
  status: number;
  body: unknown;
  retryAfter: string | null;
}

/** Uploads an image as a new case; after a session that ended on the way, once more. */
export async function createCase(call: UploadCall): Promise<CreatedCase> {
  const attempt = async () => {
    const result = await send(call);
    const sessionEnded = saysSessionEnded(result.status, result.body);
    if (sessionEnded) {
      call.onProgress(0);
    }
    return { result, sessionEnded };
  };
  const { status, body, retryAfter } = await behindGate(attempt, call.signal);
  if (status !== 201 && status !== 200) {
    throw errorFromAnswer(status, body, retryAfter);
  }
  return { isNew: status === 201, entry: body as Case };
}

/** XMLHttpRequest, because `fetch` does not tell how much of a body has been sent. */
function send({ file, onProgress, signal }: UploadCall): Promise<UploadAnswer> {
  return new Promise((resolve, reject) => {
    const cancelled = () => reject(new DOMException("The upload was cancelled.", "AbortError"));
    if (signal.aborted) {
      cancelled();
      return;
    }
    const request = new XMLHttpRequest();
    request.open("POST", "/api/v1/cases");
    for (const [name, value] of Object.entries({ Accept: "application/json", ...PAGE_HEADER })) {
      request.setRequestHeader(name, value);
    }
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) {
        onProgress(event.loaded / event.total);
      }
    };
    request.onload = () =>
      resolve({
        status: request.status,
        body: parseJson(request.responseText),
        retryAfter: request.getResponseHeader("Retry-After"),
      });
    request.onerror = () => reject(unreachable());
    request.onabort = cancelled;
    signal.addEventListener("abort", () => request.abort(), { once: true });
    const form = new FormData();
    form.append("file", file, file.name);
    request.send(form);
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
